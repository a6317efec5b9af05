using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Components.Pages.Runs.Rows;

/// <summary>What a row says in words.</summary>
public static class RowText
{
    /// <summary>What stands beside the state: one line.</summary>
    public static string? Reason(RunSummary run, IRunStore store) => run switch
    {
        { State: RunState.Running } =>
            $"{(int)(100 * Math.Clamp(run.Fraction, 0, 1))} % · {(run.Eta is null ? run.Stage ?? "starting" : Format.Seconds(run.Eta) + " left")}",
        { State: RunState.Queued } when WaitsFor(run, store) is { } input => $"waits for {input.Spec.Title}",
        { State: RunState.Queued, Job: { } job } => job.Text,
        { State: RunState.Queued, QueuePosition: { } place } => $"place {place} on {new DeviceRequest(run.Spec.Device).Text}",
        { State: RunState.Failed or RunState.Interrupted or RunState.Damaged, Message: { } message } => message,
        { Started: { } started, Ended: { } ended } => Format.Duration(ended - started),
        _ => null,
    };

    public static string Age(RunSummary run, DateTimeOffset now) => Format.ShortAge(now - (run.Started ?? run.Spec.Created));

    private static RunSummary? WaitsFor(RunSummary run, IRunStore store) =>
        run.Spec.Inputs.Values.Select(store.Find).FirstOrDefault(input => input is { State: not RunState.Finished });
}
