using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Methods.Saliency;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>NSROM's initial pseudo labels with Potential Object Mining (gen_label.py), from the soft maps of any runs.</summary>
public sealed class PomRun : IRunMethod
{
    public string Name => PomMethod.Descriptor.Name;

    public void Execute(RunContext context) => Open(context).Execute();

    public DryRunReport DryRun(RunContext context) => Open(context).MeasureImage();

    private static RefinementRun Open(RunContext context)
    {
        var options = context.Options<PomOptions>();
        var splits = new RefinedSplits(context, options, options.Mines ? "POM" : "Initial labels");
        return new(context, splits, new MinedLabels(context, options, splits.Samples).Of, "labels");
    }
}

/// <summary>Labels of one image after the other. Thread-safe.</summary>
internal sealed class MinedLabels
{
    private readonly PomOptions _options;
    private readonly InitialLabels _initial;
    private readonly SoftMapsInput _maps;
    private readonly SoftMapsInput? _cam;
    private readonly SaliencyInput? _saliency;

    /// <exception cref="InvalidRunException">An input is not given, or lacks images: names run and file.</exception>
    public MinedLabels(RunContext context, PomOptions options, IReadOnlyList<Sample> samples)
    {
        _options = options;
        _initial = new()
        {
            ForegroundThreshold = (float)options.ForegroundThreshold,
            ConflictThreshold = (float)options.ConflictThreshold,
            SalientBackground = (byte)options.SalientBackground,
            AttendedBackground = (float)options.AttendedBackground,
            LeastForeground = options.LeastForeground,
            MiningThreshold = (float)options.MiningThreshold,
            UsesSaliency = options.UsesSaliency,
        };
        _maps = new SoftMapsInput(context, PomMethod.Maps, options.Splits);
        _cam = options.MinesCam ? new SoftMapsInput(context, PomMethod.Cam, options.Splits) : null;
        _saliency = options.UsesSaliency ? new SaliencyInput(context, PomMethod.Saliency, samples) : null;
    }

    public RefinedImage Of(Sample sample, ImageBuffer image)
    {
        var maps = Levels(_maps.Read(sample, image.Size));
        var mined = _cam is null ? maps : Levels(_cam.Read(sample, image.Size));
        var saliency = _saliency?.Read(sample, image.Size) ?? Enumerable.Repeat(Background, image.Width * image.Height).ToArray();
        ClassAttention[] classes = [.. maps.Keys.Union(mined.Keys).Order().Select(k =>
            new ClassAttention(k, maps.GetValueOrDefault(k), mined.GetValueOrDefault(k)))];
        var without = (_initial with { Mine = false }).Of(image.Width, image.Height, saliency, classes);
        if (!_options.Mines)
            return new(without) { Overlays = Shown(saliency, null) };
        var labels = _initial.Of(image.Width, image.Height, saliency, classes);
        return new(labels) { Overlays = Shown(saliency, Undecided(without, labels)) };
    }

    /// <summary>Without saliency: that at which a pixel's background score, 1 - S / 255, is the one that was asked for.</summary>
    private byte Background => (byte)Math.Round(255 * (1 - _options.Background));

    private List<(string, float[])> Shown(byte[] saliency, float[]? undecided)
    {
        List<(string, float[])> shown = [];
        if (_saliency is not null)
            shown.Add(("saliency", Array.ConvertAll(saliency, level => level / 255f)));
        if (undecided is not null)
            shown.Add(("left undecided by mining", undecided));
        return shown;
    }

    private static float[] Undecided(LabelMap before, LabelMap after) =>
        [.. before.Labels.Zip(after.Labels, (was, now) => was != LabelMap.Ignore && now == LabelMap.Ignore ? 1f : 0f)];

    /// <summary>In 8 bits, by class, as the authors' files hold them.</summary>
    private static Dictionary<int, byte[]> Levels(SoftCam maps)
    {
        var pixels = maps.Width * maps.Height;
        return maps.Classes.Index().ToDictionary(
            map => map.Item,
            map => Array.ConvertAll(maps.Maps[(map.Index * pixels)..((map.Index + 1) * pixels)],
                value => (byte)Math.Clamp(MathF.Round(value * 255), 0, 255)));
    }
}
