using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Models.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using TorchSharp;
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

/// <summary>One training: options, data, targets, network, loss.</summary>
internal sealed class IamTraining : IDisposable
{
    private readonly IamOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly NsromNet _net;
    private readonly IamTargets _targets;
    private readonly NsromLoop _loop;

    public IamTraining(RunContext context)
    {
        _options = context.Options<IamOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);
        var loader = NsromBatches.Loader(context, _options);

        // Targets: what the classifier has accumulated.
        var classifier = context.Input(IamMethod.Accumulated) ?? throw new InvalidRunException(
            IamMethod.Accumulated, $"accumulated: choose the run of nsrom whose accumulated maps are learned (--input {IamMethod.Accumulated}=RUN).");
        _targets = IamTargets.Of(context, classifier, _options);

        // Network: initialised from the seed, its features from ImageNet weights or from what the classifier has learned.
        random.manual_seed(context.Spec.Seed);
        _net = Network(context, classifier);
        _net.to(_device);

        _loop = new NsromLoop(context, _options, loader, _net, _device, "OA-CAM");
    }

    public void Train() => _loop.Train(Step);

    public void Score() => _loop.Score();

    public DryRunReport MeasureStep() => _loop.MeasureStep(Step);

    public void Dispose()
    {
        _loop.Dispose();
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
        var z = _precision.Forward(_net.maps, NsromBatches.Images(batch, _options, _device));
        return new(IntegralAttentionLoss.Of(z, _targets.Of(batch.Ids, z.shape).SendTo(_device)));
    }
}
