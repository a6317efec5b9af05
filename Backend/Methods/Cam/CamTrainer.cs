using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Models;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>
/// The CAM baseline: a classification network trained from image tags, read out as class activation maps
/// (code of IRN, CVPR 2019; the seeds that CLIMS and NSROM start from).
/// </summary>
public sealed class CamTrainer : IRunMethod
{
    public string Name => CamMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var training = new CamTraining(context);
        training.Train();
        training.Score();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new CamTraining(context);
        return training.MeasureStep();
    }
}

/// <summary>One training: options, data, network, optimiser, loss.</summary>
internal sealed class CamTraining : IDisposable
{
    private readonly RunContext _context;
    private readonly CamOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly CamNet _net;
    private readonly OptimizerHelper _optimizer;
    private readonly TrainingLoop _loop;
    private readonly CamSnapshots _snapshots;

    public CamTraining(RunContext context)
    {
        _context = context;
        _options = context.Options<CamOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);

        // Data: decoding and augmentation run on the loader's own threads.
        var loader = CamBatches.Loader(context, _options, Normalisation.ImageNet);

        // Network: initialised from the seed, then from ImageNet weights where they are given.
        random.manual_seed(context.Spec.Seed);
        _net = new CamNet(ResNetShape.Of(_options.Network, () => ResNetShapeReader.Read(_options.Checkpoint)), _options.OutputStride,
            _options.DetachLayer2, context.Dataset.Classes.Count);
        if (_options.Checkpoint.Length > 0)
            context.Report(new RunLog("info", ImageNetWeights.Load(_net.Backbone, _options.Checkpoint)));
        _net.to(_device);

        // A step is one forward pass, and twice that backward.
        _optimizer = CamOptimizers.Create(_options, _net);
        _loop = new TrainingLoop(context, loader, _options.Epochs, _net, _optimizer, steps => new PolySchedule(_optimizer, steps).Apply, _device,
            workPerImage: 3, workAfter: CamScoring.Work(context, _options));
        _snapshots = new CamSnapshots(context, _options, Inference([1.0]));
    }

    public void Train()
    {
        _net.train(_options.BatchNorm);
        _loop.Run(Step, afterEpoch: (epoch, step) =>
        {
            _snapshots.Take(epoch, step);
            _net.train(_options.BatchNorm);
        });
    }

    private StepLosses Step(Batch batch, long step)
    {
        var images = CamBatches.Images(batch, _options, _device);
        var tags = tensor(batch.Tags, new long[] { batch.Count, _net.Classes }).SendTo(_device);
        var logits = _precision.Forward(_net.call, images);

        // L = -1/K sum_k [ y_k ln s(z_k) + (1 - y_k) ln(1 - s(z_k)) ], mean over the batch.
        return new(functional.multilabel_soft_margin_loss(logits, tags));
    }

    public void Score() => new CamScoring(_context, _options, "CAM", Inference(_options.Scales), _loop.Progress).Score(_loop.Steps);

    public DryRunReport MeasureStep()
    {
        _net.train(_options.BatchNorm);
        return _loop.Measure(Step);
    }

    private CamInference Inference(IReadOnlyList<double> scales) => new(_net, scales, _options.Flip, _device);

    public void Dispose()
    {
        _loop.Dispose();
        _optimizer.Dispose();
        _net.Dispose();
    }
}
