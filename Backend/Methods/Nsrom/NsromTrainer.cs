using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Models.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// NSROM's classifier (Yao et al., CVPR 2021; scripts/train.py): features, a graph unit that reasons over the whole image, and a classifier at every
/// position, trained from image tags. What its maps show of each training image while it learns is accumulated.
/// </summary>
public sealed class NsromTrainer : IRunMethod
{
    public string Name => NsromMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var training = new NsromTraining(context);
        training.Train();
        training.Score();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new NsromTraining(context);
        return training.MeasureStep();
    }
}

/// <summary>One training: options, data, network, accumulation, loss.</summary>
internal sealed class NsromTraining : IDisposable
{
    private readonly NsromOptions _options;
    private readonly Device _device;
    private readonly Autocast _precision;
    private readonly NsromNet _net;
    private readonly OnlineAccumulation _accumulation;
    private readonly NsromLoop _loop;

    public NsromTraining(RunContext context)
    {
        _options = context.Options<NsromOptions>();
        _device = LoadedLibtorch.Device(context.Spec.Device);
        _precision = new Autocast(_options.Precision, _device);
        TensorThreads.Use(_options);

        // Data: whole images, so that the maps of one lie upon each other; every image in every epoch.
        var loader = NsromBatches.Loader(context, _options);

        // Network: initialised from the seed, its features from ImageNet weights where they are given.
        random.manual_seed(context.Spec.Seed);
        var shape = NsromShape.Of(_options.Network, () => NsromShape.OfWeights(_options.Checkpoint));
        _net = shape.Build(context.Dataset.Classes.Count, integral: false, _options);
        if (_options.Checkpoint.Length > 0)
            context.Report(new RunLog("info", NsromShape.Load(_net, _options.Checkpoint)));
        _net.to(_device);

        // A run that is killed in the middle of an epoch accumulates from its beginning again, on what had been accumulated until then.
        _accumulation = new OnlineAccumulation(_options.Gate);
        _loop = new NsromLoop(context, _options, loader, _net, _device, "NSROM CAM", kept: new AccumulatedMaps(_accumulation));
    }

    public void Train() => _loop.Train(Step);

    public void Score() => _loop.Score();

    public DryRunReport MeasureStep() => _loop.MeasureStep(Step);

    public void Dispose()
    {
        _loop.Dispose();
        _net.Dispose();
    }

    private StepLosses Step(Batch batch, long step)
    {
        var images = NsromBatches.Images(batch, _options, _device);
        var tags = tensor(batch.Tags, new long[] { batch.Count, _net.Classes }).SendTo(_device);
        var maps = _precision.Forward(_net.maps, images);
        Accumulate(batch, maps);

        // L = -1/K sum_k [ y_k ln s(z_k) + (1 - y_k) ln(1 - s(z_k)) ], z the mean of each map; mean over the batch.
        return new(functional.multilabel_soft_margin_loss(NsromNet.logits(maps), tags));
    }

    /// <summary>Of the classes that each image has, before the step that follows from them.</summary>
    /// <param name="maps"><c>[N, K, h, w]</c></param>
    private void Accumulate(Batch batch, Tensor maps)
    {
        using var scope = NewDisposeScope();
        var (classes, height, width) = ((int)maps.shape[1], (int)maps.shape[2], (int)maps.shape[3]);
        var values = maps.detach().cpu().contiguous().data<float>().ToArray();
        for (var i = 0; i < batch.Count; i++)
            for (var k = 0; k < classes; k++)
                if (batch.Tags[i * classes + k] > 0)
                    _accumulation.Add(batch.Ids[i], k, values.AsSpan((i * classes + k) * height * width, height * width), width, height,
                        batch.Epoch, _options.Epochs);
    }
}
