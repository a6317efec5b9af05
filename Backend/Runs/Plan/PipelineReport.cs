using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>How a launched pipeline stands.</summary>
/// <param name="State">Of the pipeline as a whole: of the stage that decides it.</param>
/// <param name="Seconds">That workers have spent on the stages that were not reused.</param>
/// <param name="Miou">Of the last stage, 0..1; null before it is scored.</param>
public sealed record PipelineReport(
    string Pipeline, string Group, string? Name, string Dataset, string? Preset, long Seed, string Device, RunState State, double Seconds,
    double? Miou, IReadOnlyList<StageReport> Stages)
{
    public static PipelineReport Of(PipelineRecord record, IRunStore store)
    {
        List<StageReport> stages = [.. record.Stages.Select(stage => StageReport.Of(stage, store))];
        return new(
            record.Pipeline, record.Group, record.Request.Name, record.Request.Dataset, record.Request.Preset, record.Request.Seed ?? 0,
            record.Request.Device ?? "cpu", StateOf(stages),
            Math.Round(stages.Where(stage => !stage.Reused).Sum(stage => stage.Seconds ?? 0), 3), stages[^1].Miou, stages);
    }

    /// <summary>Finished when all are; else what keeps it from going on, or that it goes on.</summary>
    private static RunState StateOf(IReadOnlyList<StageReport> stages)
    {
        var states = stages.Select(stage => stage.State ?? RunState.Damaged).ToList();
        RunState[] deciding = [RunState.Running, RunState.Damaged, RunState.Failed, RunState.Interrupted, RunState.Cancelled, RunState.Queued];
        return deciding.Cast<RunState?>().FirstOrDefault(state => states.Contains(state!.Value)) ?? RunState.Finished;
    }
}

/// <summary>How a stage of it stands.</summary>
/// <param name="State">Null where its run has been deleted.</param>
/// <param name="Fraction">0..1 of the run.</param>
/// <param name="Eta">Seconds left.</param>
/// <param name="Miou">As <see cref="MainScore"/>, 0..1; null before it is scored.</param>
/// <param name="PerClass">IoU by label name, background first; null where a class occurs nowhere.</param>
/// <param name="Seconds">That workers have spent on it; null before it began.</param>
/// <param name="Reused">It had finished before the pipeline was launched.</param>
/// <param name="Message">The failure, or the last sentence of its log.</param>
public sealed record StageReport(
    string Stage, string Run, string Method, RunState? State, double Fraction, double? Eta, double? Miou,
    IReadOnlyDictionary<string, double?>? PerClass, Protocol? Protocol, double? Seconds,
    bool Reused, string? Message)
{
    public static StageReport Of(RecordedStage stage, IRunStore store)
    {
        if (store.Find(stage.Run) is not { } run)
            return new(stage.Stage, stage.Run, stage.Method, null, 0, null, null, null, null, null, stage.Reused, "The run has been deleted.");
        var score = MainScore.Of(run.Spec, store.EvaluationsOf(stage.Run));
        return new(
            stage.Stage, stage.Run, stage.Method, run.State, run.Fraction, run.Eta, score?.Miou, score?.IouByName(), score?.Protocol,
            SecondsOf(run, store.Folder(stage.Run)), stage.Reused, run.Message);
    }

    private static double? SecondsOf(RunSummary run, RunFolder? folder)
    {
        if (run.State == RunState.Finished && folder is not null && EventLogReader.ReadLast(folder.Events) is RunFinished finished)
            return finished.Seconds;
        return run is { Started: { } started, Ended: { } ended } ? Math.Round((ended - started).TotalSeconds, 3) : null;
    }
}
