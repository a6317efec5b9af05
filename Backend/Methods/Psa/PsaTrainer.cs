using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>
/// PSA (Ahn and Kwak, CVPR 2018): soft maps under a CRF with a strong and a weak background, AffinityNet that learns from where both agree, and the
/// maps spread by a random walk over its affinities.
/// </summary>
public sealed class PsaTrainer : IRunMethod
{
    public string Name => PsaMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var training = new PsaTraining(context);
        training.MakeScores();
        training.Train();
        training.Refine();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new PsaTraining(context, keepsScores: false);
        return training.MeasureStep();
    }
}

/// <summary>One training: options, scores, network, loss, walk.</summary>
internal sealed class PsaTraining : IDisposable
{
    /// <summary>
    /// What an image costs in forward passes of its own through the network: two CRFs before training, a step in it, affinities and walk after it.
    /// </summary>
    private const double ScoreWork = 8, StepWork = 3, WalkWork = 4;

    private readonly RunContext _context;
    private readonly PsaOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly PsaScores _scores;
    private readonly AffinityNet _net;
    private readonly PsaLoss _loss;
    private readonly SGD _optimizer;
    private readonly TrainingLoop _loop;
    private readonly PsaRefinement _refinement;
    private readonly RefinedSplits _splits;

    /// <param name="keepsScores">Whether scores are written before training; otherwise each is made when it is asked for.</param>
    public PsaTraining(RunContext context, bool keepsScores = true)
    {
        _context = context;
        _options = context.Options<PsaOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);
        var maps = new SoftMapsInput(context, PsaMethod.Maps, [_options.TrainSplit, .. _options.Splits]);
        _scores = new PsaScores(context, _options, maps);
        _splits = new RefinedSplits(context, _options, "PSA");

        // Network: the head initialised from the seed.
        random.manual_seed(context.Spec.Seed);
        var backbone = PsaBackbone.Of(context, _options, maps.Run);
        context.Report(new RunLog("info", backbone.Description));
        _net = backbone.Net;
        _net.to(_device);

        // Data: crops with their affinity labels, made on the loader's threads.
        var loader = new BatchLoader(
            context.Dataset.Samples(_options.TrainSplit),
            context.Dataset.Classes.Count,
            new PsaExampleMaker(_options, backbone.Input, keepsScores ? _scores.Read : _scores.Of),
            new BatchLoaderOptions { BatchSize = _options.BatchSize, Seed = context.Spec.Seed, Threads = _options.LoaderThreads });

        _loss = new PsaLoss(_options.WalkRadius);
        _optimizer = PsaOptimizer.Create(_net, _options.LearningRate, _options.WeightDecay);
        _loop = new TrainingLoop(
            context, loader, _options.Epochs, _net, _optimizer, steps => new PolySchedule(_optimizer, steps).Apply, _device,
            StepWork, workAfter: ScoreWork * _scores.Count + WalkWork * _splits.Samples.Count);
        _refinement = new PsaRefinement(_net, _options, maps, backbone.Input, _device);
    }

    /// <summary>Those that an earlier attempt has made are kept.</summary>
    public void MakeScores() => _scores.Write(_loop.Progress, ScoreWork);

    public void Train()
    {
        _net.train();
        _loop.Run(Step, afterEpoch: (epoch, step) =>
        {
            _net.eval();
            _splits.Show(_refinement.Refine, epoch, step);
            _net.train();
        });
        _net.eval();
    }

    public void Refine()
    {
        _splits.Write(_refinement.Refine, _loop.Progress, "random walk", WalkWork, _loop.Steps, _options.Epochs);
        _splits.Score(_loop.Steps);
    }

    public DryRunReport MeasureStep()
    {
        _net.train();
        return _loop.Measure(Step);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _optimizer.Dispose();
        _net.Dispose();
    }

    private StepLosses Step(Batch batch, long step)
    {
        long side = _options.CropSize, strided = side / AffinityNet.Stride;
        var images = batch.ImageTensor(side, side, _device);
        var labels = tensor(batch.LabelMaps, new[] { batch.Count, strided, strided }).SendTo(_device).to(int64);
        var terms = _loss.Of(_precision.Forward(_net.call, images), labels);
        var total = terms.Total;
        return new(total,
        [
            ("loss", total),
            ("loss term/background", terms.Background),
            ("loss term/foreground", terms.Foreground),
            ("loss term/different", terms.Negative),
        ]);
    }
}
