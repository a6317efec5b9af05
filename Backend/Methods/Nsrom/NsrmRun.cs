using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Methods.Saliency;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>NSROM's labels for the second segmentation network by Non-Salient Region Masking (gen_masked_label.py).</summary>
public sealed class NsrmRun : IRunMethod
{
    public string Name => NsrmMethod.Descriptor.Name;

    public void Execute(RunContext context) => Open(context).Execute();

    public DryRunReport DryRun(RunContext context) => Open(context).MeasureImage();

    private static RefinementRun Open(RunContext context)
    {
        var options = context.Options<NsrmOptions>();
        var splits = new RefinedSplits(context, options, "NSRM");
        return new(context, splits, new MaskedLabels(context, options, splits.Samples).Of, "masking");
    }
}

/// <summary>Masked labels of one image after the other. Thread-safe.</summary>
internal sealed class MaskedLabels
{
    private readonly NsrmOptions _options;
    private readonly NonSalientMasking _masking;
    private readonly LabelMapsInput _prediction, _labels;
    private readonly SaliencyInput? _saliency;

    /// <exception cref="InvalidRunException">An input is not given, or lacks images: names run and file.</exception>
    public MaskedLabels(RunContext context, NsrmOptions options, IReadOnlyList<Sample> samples)
    {
        _options = options;
        _masking = new() { Side = options.Side, LeastForeground = options.LeastForeground };
        _prediction = new(context, NsrmMethod.Prediction, samples,
            "Let the segmentation network predict the training images, too (predictTraining).");
        _labels = new(context, NsrmMethod.Labels, samples, "Choose the run whose labels the network was trained on.");
        _saliency = options.UsesSaliency ? new(context, NsrmMethod.Saliency, samples) : null;
    }

    public RefinedImage Of(Sample sample, ImageBuffer image)
    {
        var (prediction, pseudo) = (_prediction.Read(sample, image.Size), _labels.Read(sample, image.Size));
        var saliency = _saliency?.Read(sample, image.Size) ?? new byte[image.Width * image.Height];
        byte[] salient = [.. saliency.Select(level => level >= _options.SalientFrom ? level : (byte)0)];
        var labels = _masking.Of(prediction, pseudo, salient, sample.Tags.Count);
        float[] masked = [.. labels.Labels.Zip(prediction.Labels,
            (now, was) => now == LabelMap.Ignore && was != LabelMap.Ignore ? 1f : 0f)];
        return new(labels) { Overlays = [("left undecided by masking", masked)] };
    }
}
