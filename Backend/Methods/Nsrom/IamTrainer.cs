using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Models.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// NSROM's integral attention model (scripts/train_iam.py): the classifier's network anew, which learns at every position what the classifier has
/// accumulated there. Its maps are OA-CAM.
/// </summary>
public sealed class IamTrainer : IRunMethod
{
    public string Name => IamMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var training = new IamTraining(context);
        training.Train();
        training.Score();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new IamTraining(context);
        return training.MeasureStep();
    }
}

/// <summary>One training: options, data, targets, network, optimiser, loss.</summary>
internal sealed class IamTraining : IDisposable
{
    private readonly IamOptions _options;
    private readonly Device _device;
    private readonly NsromNet _net;
    private readonly OptimizerHelper _optimizer;
    private readonly OnlineAccumulation _accumulated;
    private readonly TrainingLoop _loop;
    private readonly NsromSplits _splits;

    public IamTraining(RunContext context)
    {
        _options = context.Options<IamOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        TensorThreads.Use(_options);
        var loader = NsromBatches.Loader(context, _options);

        // Targets.
        var classifier = context.Input(IamMethod.Accumulated) ?? throw new InvalidRunException(
            IamMethod.Accumulated, $"accumulated: choose the run of nsrom whose accumulated maps are learned (--input {IamMethod.Accumulated}=RUN).");
        _accumulated = AccumulatedMaps.Of(context, classifier, IamMethod.Accumulated);
        RequireTargets(context, classifier);

        // Network: initialised from the seed, its features from ImageNet weights or from what the classifier has learned.
        random.manual_seed(context.Spec.Seed);
        _net = Network(context, classifier);
        _net.to(_device);

        _optimizer = NsromOptimizer.Of(_options, _net);
        _loop = new TrainingLoop(context, loader, _options.Epochs, _net, _optimizer,
            _ => new NsromSchedule(_optimizer, loader.StepsPerEpoch, _options.DecayAfter).Apply, _device,
            workPerImage: 3, workAfter: NsromSplits.SamplesOf(context, _options).Count);
        _splits = new NsromSplits(context, _options, "OA-CAM", new NsromInference(_net, _options.ImageSize, _device));
    }

    public void Train()
    {
        _net.train(_options.BatchNorm);
        _loop.Run(Step, afterEpoch: (epoch, step) =>
        {
            _splits.Show(epoch, step);
            _net.train(_options.BatchNorm);
        });
    }

    public void Score()
    {
        _splits.Write(_loop.Progress);
        _splits.Score(_loop.Steps);
    }

    public DryRunReport MeasureStep()
    {
        _net.train(_options.BatchNorm);
        return _loop.Measure(Step);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _optimizer.Dispose();
        _net.Dispose();
    }

    private NsromNet Network(RunContext context, RunFolder classifier)
    {
        if (_options.Checkpoint.Length > 0)
        {
            var published = NsromShape.Of(_options.Network, () => NsromShape.OfWeights(_options.Checkpoint));
            var fresh = published.Build(context.Dataset.Classes.Count, integral: true, _options);
            context.Report(new RunLog("info", NsromShape.Load(fresh, _options.Checkpoint)));
            return fresh;
        }
        return new CheckpointStore(classifier).TakeNewest(
            checkpoint =>
            {
                var path = Path.Combine(checkpoint.Folder, TrainingCheckpoint.Model);
                var shape = NsromShape.OfTrained(path);
                var net = shape.Build(context.Dataset.Classes.Count, integral: true, _options);
                NsromShape.LoadTrained(net, path);
                context.Report(new RunLog("info", $"The features are those of run {classifier.Id}: {shape}."));
                return net;
            },
            context.Report)!;
    }

    private StepLosses Step(Batch batch, long step)
    {
        var z = _net.maps(NsromBatches.Images(batch, _options).to(_device));
        return new(IntegralAttentionLoss.Of(z, Targets(batch, z.shape)));
    }

    /// <summary>What was accumulated, 0..1; 0 for classes that an image does not have.</summary>
    /// <param name="shape"><c>[N, K, h, w]</c></param>
    private Tensor Targets(Batch batch, long[] shape)
    {
        var (classes, height, width) = ((int)shape[1], (int)shape[2], (int)shape[3]);
        var targets = new float[batch.Count * classes * height * width];
        for (var i = 0; i < batch.Count; i++)
            for (var k = 0; k < classes; k++)
                if (_accumulated.Find(batch.Ids[i], k) is { } map)
                {
                    if ((map.Height, map.Width) != (height, width))
                        throw new InvalidRunException("imageSize",
                            $"imageSize: the maps of {batch.Ids[i]} were accumulated at {map.Width}x{map.Height} positions, but an image of "
                            + $"{_options.ImageSize} px gives {width}x{height}. Use the imageSize of the run in the role {IamMethod.Accumulated}.");
                    var start = (i * classes + k) * height * width;
                    for (var position = 0; position < map.Values.Length; position++)
                        targets[start + position] = map.Values[position] / 255f;
                }
        return tensor(targets, shape).to(_device);
    }

    /// <summary>Images with tags of which nothing was accumulated teach that their classes are nowhere: some are told, all are a mistake.</summary>
    private void RequireTargets(RunContext context, RunFolder classifier)
    {
        var tagged = context.Dataset.Samples(_options.TrainSplit).Where(sample => sample.Tags.Count > 0).ToList();
        var without = tagged.Where(sample => sample.Tags.All(k => _accumulated.Find(sample.Id, k) is null)).Select(sample => sample.Id).ToList();
        if (without.Count > 0 && without.Count == tagged.Count)
            throw new InvalidRunException(IamMethod.Accumulated,
                $"accumulated: the run {classifier.Id} has accumulated nothing of the split '{_options.TrainSplit}'. Maps are accumulated from the "
                + "second epoch on: train the classifier for at least 2 epochs, on the same split.");
        if (without.Count > 0)
            context.Report(new RunLog("warning",
                $"The run {classifier.Id} has accumulated nothing of {without.Count} of the {tagged.Count} images with tags: "
                + $"{string.Join(", ", without.Take(5))}{(without.Count > 5 ? ", ..." : "")}. They are learned as images without objects."));
    }
}
