using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>
/// The segmentation network: DeepLab trained on label maps that another run has made from tags, or on the data set's own
/// (kazuto1011/deeplab-pytorch's main.py; with the balanced loss, CLIMS's main_v2.py). Afterwards it needs no tags.
/// </summary>
public sealed class SegmentTrainer : IRunMethod
{
    public string Name => SegmentMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var training = new SegmentTraining(context);
        training.Train();
        training.Score();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new SegmentTraining(context);
        return training.MeasureStep();
    }
}

/// <summary>One training: options, data, model, loss, loop.</summary>
internal sealed class SegmentTraining : IDisposable
{
    private const double Momentum = 0.9;

    private readonly RunContext _context;
    private readonly SegmentOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly SegmentShape _shape;
    private readonly SegmentationNet _net;
    private readonly DeeplabLoss _loss;
    private readonly OptimizerHelper _optimizer;
    private readonly TrainingLoop _loop;
    private readonly SegmentSnapshots _snapshots;
    private readonly SegmentScoring _scoring;

    public SegmentTraining(RunContext context)
    {
        // Options.
        _context = context;
        _options = context.Options<SegmentOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);

        // Data: every image with its label map, both cut out alike on the loader's threads.
        var samples = context.Dataset.Samples(_options.TrainSplit);
        var labels = TrainingLabels.Of(context, _options, samples);
        _shape = SegmentShape.Of(_options, context.Dataset.Classes.LabelNames);
        var loader = new BatchLoader(
            samples, context.Dataset.Classes.Count,
            new DeeplabAugmentation(_shape.Input, _options.CropSize, _options.CropScales, _options.FlipProbability), new LabelSources(labels.Read),
            new BatchLoaderOptions { BatchSize = _options.BatchSize * _options.Accumulation, Seed = context.Spec.Seed,
                Threads = _options.LoaderThreads });
        var epochs = (_options.Iterations + loader.StepsPerEpoch - 1) / loader.StepsPerEpoch;

        // Model: drawn from the seed, then from the weights where they are given.
        random.manual_seed(context.Spec.Seed);
        _net = _shape.Build();
        context.Report(new RunLog("info", $"Trains {_shape} on {labels.Description}."));
        if (_options.Checkpoint.Length > 0)
            context.Report(new RunLog("info", SegmentWeights.Load(_net, _options.Checkpoint)));
        _net.to(_device);

        // Loss and optimiser.
        _loss = new DeeplabLoss(_options.Loss == SegmentLoss.BalancedCrossEntropy);
        _optimizer = _options.Optimizer == SegmentOptimizer.AdamW
            ? DeeplabOptimizer.CreateAdam(_net, _options.LearningRate, _options.WeightDecay)
            : DeeplabOptimizer.Create(_net, _options.LearningRate, Momentum, _options.WeightDecay);

        // Loop: a step is one forward pass, and twice that backward.
        var work = SegmentScoring.Work(context, _options, _shape);
        _loop = new TrainingLoop(
            context, loader, epochs, _net, _optimizer, steps => new DeeplabSchedule(_optimizer, steps, _options.DecayEvery).Apply, _device,
            workPerImage: 3 * _shape.Passes,
            workAfter: work * context.Dataset.SamplesOf(_options.PredictedSplits).Count, _options.Iterations);
        _snapshots = new SegmentSnapshots(context, _options, new DeeplabInference(_net, _shape.Input, _device));
        _scoring = new SegmentScoring(context, _options, new DeeplabInference(_net, _shape.Input, _device, _options.Flip, _options.Scales),
            _loop.Progress, work);
    }

    public void Train()
    {
        _shape.Write(_context.Folder);
        _net.train();
        _loop.Run(Step, afterEpoch: (epoch, step) =>
        {
            _net.eval();
            _snapshots.Take(epoch, step);
            _net.train();
        });
    }

    public void Score()
    {
        _net.eval();
        _scoring.Score(_loop.Steps);
    }

    public DryRunReport MeasureStep()
    {
        _net.train();
        return _loop.Measure(Step);
    }

    /// <summary>Batch after batch goes forward and backward; the gradients of the step are their mean.</summary>
    private StepLosses Step(Batch batch, long step)
    {
        // Dropout draws the same in a run that goes on from a checkpoint.
        random.manual_seed(unchecked((_context.Spec.Seed * 1_000_003) + step));
        var side = _options.CropSize;
        using var images = batch.ImageTensor(side, side, _device);
        using var labels = tensor(batch.LabelMaps, new long[] { batch.Count, side, side });
        var mean = zeros(1, device: _device).squeeze();
        for (var first = 0; first < batch.Count; first += _options.BatchSize)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(_options.BatchSize, batch.Count - first);
            var pyramid = _precision.Forward(_net.pyramid, images.narrow(0, first, count));
            var scales = _loss.Of(pyramid, labels.narrow(0, first, count).SendTo(_device).to(int64));

            // L = sum over the pyramid's scales of the cross entropy with the labels at their size / accumulation.
            var loss = scales.Aggregate((sum, scale) => sum + scale) / _options.Accumulation;
            loss.backward();
            mean.add_(loss.detach());
        }
        return new(null, [("loss", mean)]);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _optimizer.Dispose();
        _net.Dispose();
    }
}
