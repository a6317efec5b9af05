using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Devices;

/// <summary>
/// One device with what runs there and what waits for it; or any GPU, with what waits for whichever is free first, or runs on one of a cluster.
/// </summary>
/// <param name="Waiting">The first in the queue first.</param>
public sealed record DeviceUse(string Device, IReadOnlyList<RunSummary> Running, IReadOnlyList<RunSummary> Waiting)
{
    /// <summary>Whether there is such a device, rather than runs that name it.</summary>
    public bool IsKnown { get; init; }

    /// <summary>"CPU", "CUDA:0", "Any GPU"; a cluster's are "GPU".</summary>
    public string Title => Device != DeviceRequest.AnyGpu ? Device.ToUpperInvariant() : IsKnown ? "GPU" : "Any GPU";

    /// <summary>"1 running, queue 2".</summary>
    public string Text => string.Join(", ", new[]
    {
        Running.Count > 0 ? $"{Running.Count} running" : Waiting.Count == 0 || Device != DeviceRequest.AnyGpu ? "idle" : null,
        Waiting.Count > 0 ? $"queue {Waiting.Count}" : null,
    }.OfType<string>());

    /// <summary>The devices of the machine, then others that runs name; any GPU only where there are several and something waits for it.</summary>
    /// <param name="known">Null as long as they are not known.</param>
    /// <param name="live">All runs that wait or go on.</param>
    public static IReadOnlyList<DeviceUse> Of(IReadOnlyList<string>? known, IReadOnlyList<RunSummary> live)
    {
        var gpus = (known ?? []).Where(DeviceRequest.IsGpu).ToList();
        var running = live.Where(run => run.State == RunState.Running).ToLookup(run => Home(run.Device), StringComparer.Ordinal);
        var waiting = live.Where(run => run.State == RunState.Queued)
            .OrderBy(run => run.QueuePosition)
            .ToLookup(run => Home(run.Spec.Device), StringComparer.Ordinal);
        return
        [
            .. (known ?? []).Concat(running.Concat(waiting).Select(runs => runs.Key).Order(StringComparer.Ordinal))
                .Where(device => device != "")
                .Distinct()
                .Select(device => new DeviceUse(device, [.. running[device]], [.. waiting[device]]) { IsKnown = known?.Contains(device) == true }),
        ];

        // Where there is one GPU by name, it and any GPU are the same.
        string Home(string device) => gpus is [var only] && (device == DeviceRequest.AnyGpu || only == DeviceRequest.AnyGpu)
            && DeviceRequest.IsGpu(device) ? only : device;
    }
}
