using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Pamr;

/// <summary>Label maps from another run's soft maps by pixel-adaptive refinement.</summary>
public sealed class PamrRun : IRunMethod
{
    private const string Stage = "pixel-adaptive refinement";

    public string Name => PamrMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        var (options, maps, splits) = Open(context);
        if (context.IsResume)
            context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        var progress = new ProgressReporter(context.Report, context.Time, splits.Samples.Count);
        splits.Write(
            (sample, image) => new(Labels(options, image, maps.Read(sample, image.Size))), progress, Stage, workPerImage: 1, step: 1, epoch: 1);
        splits.Score(step: 1);
    }

    /// <summary>What one image costs, after a first one that warms caches up.</summary>
    public DryRunReport DryRun(RunContext context)
    {
        var (options, maps, splits) = Open(context);
        if (splits.Samples.Count == 0)
            throw new DatasetException($"splits: there is no image in {string.Join(", ", options.Splits)}.");
        var sample = splits.Samples[0];
        var image = sample.ReadRgb();
        Labels(options, image, maps.Read(sample, image.Size));
        var start = context.Time.GetTimestamp();
        Labels(options, image, maps.Read(sample, image.Size));
        var seconds = context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), splits.Samples.Count, splits.Samples.Count * seconds / splits.ImagesAtOnce);
    }

    /// <param name="maps">At the image's size; without any, all of the image is background.</param>
    internal static LabelMap Labels(PamrOptions options, ImageBuffer image, SoftCam maps)
    {
        if (maps.Classes.Count == 0)
            return new(image.Width, image.Height, new byte[image.Width * image.Height]);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var I = tensor(image.Pixels, [image.Height, image.Width, 3]).permute(2, 0, 1).to(float32);
        var scores = cat([
            full([1, image.Height, image.Width], (float)options.Background),
            tensor(maps.Maps, [maps.Classes.Count, image.Height, image.Width]),
        ]);
        var winners = PixelAdaptiveRefinement.refine(I, scores, options.Dilations, options.Iterations).argmax(0);
        return new(image.Width, image.Height,
            Array.ConvertAll(winners.data<long>().ToArray(),
            winner => winner == 0 ? LabelMap.Background : (byte)(maps.Classes[(int)winner - 1] + 1)));
    }

    private static (PamrOptions Options, SoftMapsInput Maps, RefinedSplits Splits) Open(RunContext context)
    {
        var options = context.Options<PamrOptions>();
        return (options, new SoftMapsInput(context, PamrMethod.Maps, options.Splits), new RefinedSplits(context, options, "PAMR"));
    }
}
