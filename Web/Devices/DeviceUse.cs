using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Devices;

/// <summary>One device with what runs there and what waits for it; or any GPU, with what waits for whichever is free first.</summary>
/// <param name="Waiting">The first in the queue first.</param>
public sealed record DeviceUse(string Device, IReadOnlyList<RunSummary> Running, IReadOnlyList<RunSummary> Waiting)
{
    /// <summary>"CPU", "CUDA:0", "Any GPU".</summary>
    public string Title => Device == DeviceRequest.AnyGpu ? "Any GPU" : Device.ToUpperInvariant();

    /// <summary>"1 running, queue 2".</summary>
    public string Text => (Running.Count == 0 ? Device == DeviceRequest.AnyGpu ? "" : "idle" : $"{Running.Count} running")
        + (Waiting.Count == 0 ? "" : $"{(Running.Count == 0 && Device == DeviceRequest.AnyGpu ? "" : ", ")}queue {Waiting.Count}");

    /// <summary>The devices of the machine, then others that runs name; any GPU only where there are several and something waits for it.</summary>
    /// <param name="known">Null as long as they are not known.</param>
    /// <param name="live">All runs that wait or go on.</param>
    public static IReadOnlyList<DeviceUse> Of(IReadOnlyList<string>? known, IReadOnlyList<RunSummary> live)
    {
        var gpus = (known ?? []).Where(DeviceRequest.IsGpu).ToList();
        var running = live.Where(run => run.State == RunState.Running).ToLookup(run => run.Device, StringComparer.Ordinal);
        var waiting = live.Where(run => run.State == RunState.Queued)
            .OrderBy(run => run.QueuePosition)
            .ToLookup(run => run.Spec.Device == DeviceRequest.AnyGpu && gpus.Count == 1 ? gpus[0] : run.Spec.Device, StringComparer.Ordinal);
        return
        [
            .. (known ?? []).Concat(running.Concat(waiting).Select(runs => runs.Key).Order(StringComparer.Ordinal))
                .Where(device => device != "")
                .Distinct()
                .Select(device => new DeviceUse(device, [.. running[device]], [.. waiting[device]])),
        ];
    }
}
