using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>
/// CLIMS (Xie et al., CVPR 2022): a trained CAM network goes on learning, from what a frozen CLIP says of the image regions that its activation maps
/// show and hide.
/// </summary>
public sealed class ClimsTrainer : IRunMethod
{
    public string Name => ClimsMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        // Holds what the whole run needs: the features of texts.
        using var scope = NewDisposeScope();
        using var training = new ClimsTraining(context);
        training.Train();
        training.Score();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var scope = NewDisposeScope();
        using var training = new ClimsTraining(context);
        return training.MeasureStep();
    }

    /// <summary>Maps and losses of a batch, whose gradients are added to the network's.</summary>
    /// <param name="X">Images, <c>[N, 3, H, W]</c>.</param>
    /// <param name="pairs">(image, class) of every tag, <c>[M, 2]</c>, int64.</param>
    /// <param name="precision">Of the network.</param>
    public static ClimsTerms Terms(CamNet net, ClimsLoss loss, Tensor X, Tensor pairs, Autocast precision)
    {
        // P_k = sigmoid(W_k^T Z)
        var P = precision.Forward(net.maps, X).sigmoid();
        return loss.backward(P, X, pairs);
    }
}

/// <summary>One training: options, data, network, CLIP and texts, losses.</summary>
internal sealed class ClimsTraining : IDisposable
{
    private readonly RunContext _context;
    private readonly ClimsOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly Normalisation _normalisation;
    private readonly CamNet _net;
    private readonly LoadedClip _clip;
    private readonly ClimsLoss _loss;
    private readonly OptimizerHelper _optimizer;
    private readonly TrainingLoop _loop;
    private readonly CamSnapshots _snapshots;

    public ClimsTraining(RunContext context)
    {
        _context = context;
        _options = context.Options<ClimsOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);
        var classes = context.Dataset.Classes;
        if (ClimsPrompts.UnknownClasses(_options, classes) is { Count: > 0 } unknown)
            context.Report(
                new RunLog(
                    "warning",
                    $"No class of {context.Dataset.Name} is called {string.Join(", ", unknown)}: what classWords, classBackgrounds and "
                    + "weightedClasses say about them has no effect."));

        // Data: as for the CAM baseline.
        _normalisation = Normalisation.Of(_options.Normalisation);
        var loader = CamBatches.Loader(context, _options, _normalisation);

        // Network: the CAM baseline's; only what that lacks is initialised from the seed.
        random.manual_seed(context.Spec.Seed);
        _net = new CamNet(ResNetShape.Of(_options.Network, () => ClimsStart.Shape(context, _options)), _options.OutputStride, _options.DetachLayer2,
            classes.Count, _options.Head);
        foreach (var parameter in _options.LearnBatchNorm ? [] : _net.modules().OfType<BatchNorm2d>().SelectMany(norm => norm.parameters()))
            parameter.requires_grad = false;
        _net.to(_device);

        // CLIP, which does not learn, and the features of its texts, which therefore are computed once.
        _clip = LoadedClip.Open(new ModelCatalog(context.Data.Path).Find(_options.Clip), _device);
        var texts = ClimsPrompts.Of(_options, classes).Encode(_clip);
        ComputeIn(_options.Precision == Precision.Bfloat16 ? ClipPrecision.Bfloat16 : _options.ClipPrecision);

        // Losses.
        var resolution = _options.ClipResolution > 0 ? _options.ClipResolution : _clip.Model.Shape.ImageResolution;
        _loss = new ClimsLoss(images => _clip.Pooled.Images(images).to(float32), resolution, texts, _options)
        {
            ClassWeights =
                tensor(classes.Names.Select(name => _options.WeightedClasses.Contains(name) ? (float)_options.ClassWeight : 1).ToArray()).to(_device),
        };

        // CLIP's two crops a tag cost about as much again as the network's forward and backward pass, which count three.
        _optimizer = CamOptimizers.Create(_options, _net);
        _loop = new TrainingLoop(context, loader, _options.Epochs, _net, _optimizer, Schedule, _device, workPerImage: 6,
            workAfter: CamScoring.Work(context, _options));
        _snapshots = new CamSnapshots(context, _options, Inference([1.0]));
    }

    public void Train()
    {
        if (!_loop.HasCheckpoint)
            _context.Report(new RunLog("info", ClimsStart.Load(_context, _options, _net)));
        if (!_context.IsResume)
            _snapshots.Take(epoch: 0, step: 0);
        _net.train(_options.BatchNorm);
        _loop.Run(Step, afterEpoch: (epoch, step) =>
        {
            _snapshots.Take(epoch, step);
            _net.train(_options.BatchNorm);
        });
    }

    private Func<long, double> Schedule(long steps) =>
        _options.Schedule == RateSchedule.Cosine
            ? new WarmupCosineSchedule(_optimizer, steps, warmup: 0, final: 0).Apply
            : new PolySchedule(_optimizer, steps).Apply;

    private StepLosses Step(Batch batch, long step)
    {
        var X = CamBatches.Images(batch, _options, _device);
        var pairs = ClimsLoss.present(batch.Tags, _net.Classes).SendTo(_device);
        return new(Total: null, ClimsTrainer.Terms(_net, _loss, X, pairs, _precision).Curves(_options));
    }

    public void Score() => new CamScoring(_context, _options, "CLIMS", Inference(_options.Scales), _loop.Progress).Score(_loop.Steps);

    public DryRunReport MeasureStep()
    {
        _net.train(_options.BatchNorm);
        return _loop.Measure(Step);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _optimizer.Dispose();
        _clip.Dispose();
        _net.Dispose();
    }

    private void ComputeIn(ClipPrecision precision)
    {
        if (precision == ClipPrecision.Float32)
            return;
        if (precision == ClipPrecision.Float16 && _device.type != DeviceType.CUDA)
            throw new InvalidRunException("clipPrecision",
                $"clipPrecision: float16 needs a CUDA device, but this run is on {_context.Spec.Device}. Choose float32 or bfloat16.");
        _clip.Model.compute_in(precision == ClipPrecision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float16);
    }

    /// <summary>As in the authors' code the maps are read off without the sigmoid, unless that is asked for.</summary>
    private CamInference Inference(IReadOnlyList<double> scales) =>
        new(_net, scales, _options.Flip, _device) { Activation = _options.Activation, Normalisation = _normalisation };
}
