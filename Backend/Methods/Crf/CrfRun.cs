using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Crf;

/// <summary>Label maps from another run's soft maps by a dense CRF.</summary>
public sealed class CrfRun : IRunMethod
{
    private const string Stage = "dense CRF";

    public string Name => CrfMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        var (options, maps, splits) = Open(context);
        if (context.IsResume)
            context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        var crf = new SoftMapsCrf(options);
        var progress = new ProgressReporter(context.Report, context.Time, splits.Samples.Count);
        splits.Write((sample, image) => new(crf.Labels(image, maps.Read(sample, image.Size))), progress, Stage, workPerImage: 1, step: 1, epoch: 1);
        splits.Score(step: 1);
    }

    /// <summary>What one image costs, after a first one that warms caches up.</summary>
    public DryRunReport DryRun(RunContext context)
    {
        var (options, maps, splits) = Open(context);
        if (splits.Samples.Count == 0)
            throw new DatasetException($"splits: there is no image in {string.Join(", ", options.Splits)}.");
        var crf = new SoftMapsCrf(options);
        var sample = splits.Samples[0];
        var image = sample.ReadRgb();
        crf.Labels(image, maps.Read(sample, image.Size));
        var start = context.Time.GetTimestamp();
        crf.Labels(image, maps.Read(sample, image.Size));
        var seconds = context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), splits.Samples.Count, splits.Samples.Count * seconds / splits.ImagesAtOnce);
    }

    private static (CrfOptions Options, SoftMapsInput Maps, RefinedSplits Splits) Open(RunContext context)
    {
        var options = context.Options<CrfOptions>();
        return (options, new SoftMapsInput(context, CrfMethod.Maps, options.Splits),
            new RefinedSplits(context, options, "CRF") { Crf = true });
    }
}
