using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Postprocess;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Segmentation;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>How an image is looked at: what a run was told, or what someone asks of its network afterwards.</summary>
/// <param name="Scales">Whose probabilities are averaged.</param>
/// <param name="LegacyCrfGuide">The CRF sees the authors' wrapped image.</param>
public sealed record SegmentTest(IReadOnlyList<double> Scales, bool Flip, bool Crf, bool LegacyCrfGuide = false)
{
    public static SegmentTest Of(SegmentOptions options) => new(options.Scales, options.Flip, options.Crf, options.LegacyCrfGuide);

    /// <summary>For people: "scales 1, mirrored too, CRF".</summary>
    public override string ToString() =>
        $"scale{(Scales.Count == 1 ? "" : "s")} {string.Join(", ", Scales)}{(Flip ? ", mirrored too" : "")}{(Crf ? ", CRF" : "")}";
}

/// <summary>The network of a run, for images of any origin. Not thread-safe.</summary>
public sealed class SegmentPredictor : IDisposable
{
    private readonly SegmentationNet _net;
    private readonly Device _device;
    private readonly PixelInput _input;

    private SegmentPredictor(RunFolder run, SegmentShape shape, SegmentTest test, SegmentationNet net, int epoch, Device device) =>
        (Run, Shape, Test, _net, Epoch, _device, _input) = (run, shape, test, net, epoch, device, shape.Input);

    public RunFolder Run { get; }

    public SegmentShape Shape { get; }

    /// <summary>Its names by label, the background's first.</summary>
    public IReadOnlyList<string> Labels => Shape.Labels;

    /// <summary>As the run itself has predicted.</summary>
    public SegmentTest Test { get; }

    /// <summary>After which the network stood as it is used.</summary>
    public int Epoch { get; }

    /// <exception cref="InvalidDataException">It is no run of this method, or it has no whole checkpoint: names the run and the remedy.</exception>
    /// <exception cref="Weights.CheckpointException">The checkpoint is of another network: names file and key.</exception>
    public static SegmentPredictor Open(RunFolder run, Device device)
    {
        var spec = run.ReadSpec();
        if (spec.Method != SegmentMethod.Descriptor.Name)
            throw new InvalidDataException(
                $"{run.Id} is a run of {spec.Method}, which trains no segmentation network. Choose a run of {SegmentMethod.Descriptor.Name}.");
        if (MethodCatalog.Get(spec.Method).Schema.Read(spec.Options, out var options) is { Count: > 0 } failures)
            throw new InvalidRunException(failures);
        var shape = SegmentShape.Read(run);
        var net = shape.Build();
        try
        {
            var state = new CheckpointStore(run).TakeNewest(Load, _ => { })
                ?? throw new InvalidDataException(
                    $"The run {run.Id} has no whole checkpoint in {run.Checkpoints}. Let it train at least one epoch, or choose another run.");
            net.to(device);
            net.eval();
            return new(run, shape, SegmentTest.Of((SegmentOptions)options!), net, state.Epoch, device);
        }
        catch
        {
            net.Dispose();
            throw;
        }

        CheckpointState Load(StoredCheckpoint checkpoint)
        {
            TrainingCheckpoint.LoadModel(Path.Combine(checkpoint.Folder, TrainingCheckpoint.Model), net);
            return checkpoint.State;
        }
    }

    /// <summary>The label of every pixel.</summary>
    public LabelMap Predict(ImageBuffer image, SegmentTest test) =>
        Predict(new DeeplabInference(_net, _input, _device, test.Flip, test.Scales), image, test);

    internal static LabelMap Predict(DeeplabInference inference, ImageBuffer image, SegmentTest test) =>
        inference.Labels(image, test.Crf ? DenseCrfSettings.DeepLab : null, test.LegacyCrfGuide ? LegacyCrfGuide.Of(image) : null);

    public void Dispose() => _net.Dispose();
}
