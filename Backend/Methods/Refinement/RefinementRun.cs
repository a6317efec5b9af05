using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Refinement;

/// <summary>A run that refines its splits without training: one image after the other, and then the scores.</summary>
/// <param name="stage">As the progress names it.</param>
internal sealed class RefinementRun(RunContext context, RefinedSplits splits, RefineImage refine, string stage)
{
    public void Execute()
    {
        if (context.IsResume)
            context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        var progress = new ProgressReporter(context.Report, context.Time, splits.Samples.Count);
        splits.Write(refine, progress, stage, workPerImage: 1, step: 1, epoch: 1);
        splits.Score(step: 1);
    }

    /// <summary>What one image costs, after a first one that warms caches up.</summary>
    /// <exception cref="DatasetException">The splits have no image.</exception>
    public DryRunReport MeasureImage()
    {
        if (splits.Samples.Count == 0)
            throw new DatasetException($"splits: there is no image in {string.Join(", ", context.Options<SplitsOptions>().Splits)}.");
        var sample = splits.Samples[0];
        var image = sample.ReadRgb();
        refine(sample, image);
        var start = context.Time.GetTimestamp();
        refine(sample, image);
        var seconds = context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), splits.Samples.Count, splits.Samples.Count * seconds / splits.ImagesAtOnce);
    }
}
