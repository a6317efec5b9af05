using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Models.Irn;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>
/// IRN (Ahn et al., CVPR 2019): labels of confident pixels from soft maps, a network that learns boundaries and displacements from them, and the maps
/// spread by a random walk that does not cross boundaries.
/// </summary>
public sealed class IrnTrainer : IRunMethod
{
    public string Name => IrnMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var training = new IrnTraining(context);
        training.MakeLabels();
        training.Train();
        training.Refine();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new IrnTraining(context, keepsLabels: false);
        return training.MeasureStep();
    }
}

/// <summary>One training: options, labels, network, losses, walk.</summary>
internal sealed class IrnTraining : IDisposable
{
    /// <summary>
    /// What an image costs in forward passes of its own through the network: two CRFs before training, a step in it, boundaries and walk after it.
    /// </summary>
    private const double LabelWork = 8, StepWork = 3, WalkWork = 8;

    private readonly RunContext _context;
    private readonly IrnOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly IrLabelMaps _labels;
    private readonly IrNet _net;
    private readonly IrnLoss _loss;
    private readonly SGD _optimizer;
    private readonly TrainingLoop _loop;
    private readonly IrnRefinement _refinement;
    private readonly RefinedSplits _splits;
    private readonly IrnSnapshots _snapshots;

    /// <param name="keepsLabels">Whether IR labels are written before training; otherwise each is made when it is asked for.</param>
    public IrnTraining(RunContext context, bool keepsLabels = true)
    {
        _context = context;
        _options = context.Options<IrnOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);
        var maps = new SoftMapsInput(context, IrnMethod.Maps, [_options.TrainSplit, .. _options.Splits]);
        _labels = new IrLabelMaps(context, _options, maps);
        _splits = new RefinedSplits(context, _options, "IRN");

        // Network: branches initialised from the seed over a backbone that does not learn.
        random.manual_seed(context.Spec.Seed);
        var source = ResNetSource.Of(context, _options.Checkpoint, _options.Network, maps.Run);
        var normalisation = Normalisation.Of(source.Normalisation);
        _net = new IrNet(source.Shape, _options.OutputStride);
        context.Report(new RunLog("info", source.Load(_net.Backbone)));
        _net.to(_device);

        // Data: images with their IR labels.
        var loader = new BatchLoader(
            context.Dataset.Samples(_options.TrainSplit),
            context.Dataset.Classes.Count,
            new IrnAugmentation(normalisation, _options.CropSize, _options.ScaleMin, _options.ScaleMax, _options.FlipProbability),
            new LabelSources(keepsLabels ? _labels.Read : _labels.Of),
            new BatchLoaderOptions { BatchSize = _options.BatchSize, Seed = context.Spec.Seed, Threads = _options.LoaderThreads });

        _loss = new IrnLoss(_options.PairRadius);
        _optimizer = IrnOptimizer.Create(_net, _options.LearningRate, _options.WeightDecay);
        _loop = new TrainingLoop(
            context, loader, _options.Epochs, _net, _optimizer, steps => new PolySchedule(_optimizer, steps).Apply, _device,
            StepWork, workAfter: LabelWork * _labels.Count + WalkWork * _splits.Samples.Count);
        _refinement = new IrnRefinement(_net, _options, maps, normalisation, _device);
        _snapshots = new IrnSnapshots(context, _options, _refinement);
    }

    /// <summary>Those that an earlier attempt has made are kept.</summary>
    public void MakeLabels()
    {
        _labels.Write(_loop.Progress, LabelWork);
        if (!_loop.HasCheckpoint)
            _labels.Show();
    }

    public void Train()
    {
        _net.train();
        _loop.Run(Step, afterEpoch: (epoch, step) =>
        {
            _net.eval();
            // Before the last checkpoint, which is the network that others take.
            if (epoch == _options.Epochs)
                MeasureMeanDisplacement();
            _snapshots.Take(epoch, step);
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
        long side = _options.CropSize;
        var images = batch.ImageTensor(side, side, _device);
        // A quarter of the size by nearest neighbour: Pillow takes the pixel behind the middle of each four.
        var labels = tensor(batch.LabelMaps, new[] { batch.Count, side, side }).slice(1, 2, side, IrnWalk.Stride).slice(2, 2, side,
            IrnWalk.Stride).to(int64).SendTo(_device);
        var (boundary, displacement) = _precision.Forward(_net.call, images);
        var terms = _loss.Of(boundary, displacement, labels, _context.Dataset.Classes.Count + 1);
        var total = terms.Total;
        return new(total,
        [
            ("loss", total),
            ("loss term/boundary, alike", terms.Positive),
            ("loss term/boundary, different", terms.Negative),
            ("loss term/displacement, foreground", terms.DisplacementForeground),
            ("loss term/displacement, background", terms.DisplacementBackground),
        ]);
    }

    /// <summary>The mean of D over the training images' upper left crops, which evaluation takes away.</summary>
    private void MeasureMeanDisplacement()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (mean, sum) = (_net.MeanShift.Mean, zeros(2, float64));
        mean.zero_();
        foreach (var sample in _context.Dataset.Samples(_options.TrainSplit))
        {
            _context.Stop.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            sum.add_(_refinement.Displacement(sample.ReadRgb(), _options.CropSize).mean([1, 2]).to(float64).cpu());
        }
        mean.copy_(sum / _context.Dataset.Samples(_options.TrainSplit).Count);
    }
}
