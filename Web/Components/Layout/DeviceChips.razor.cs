using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Layout;

/// <summary>Follows all runs; draws again only when what it says has changed.</summary>
public sealed partial class DeviceChips : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private IReadOnlyList<(string Device, string Text, bool Busy)> _devices = [];
    private StoreWatch? _changes;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private LibtorchOfWorkers Libtorch { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized()
    {
        _devices = Look();
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(Load), interval: Pace);
    }

    public void Dispose() => _changes?.Dispose();

    private void Load()
    {
        var now = Look();
        if (now.SequenceEqual(_devices))
            return;
        _devices = now;
        StateHasChanged();
    }

    /// <summary>Where libtorch finds a GPU, the CPU is shown only while something runs there.</summary>
    private List<(string Device, string Text, bool Busy)> Look()
    {
        var live = Store.Live;
        var found = Libtorch.Report?.Devices ?? [];
        var known = found.Count > 1 ? found.Where(device => device != "cpu") : found;
        return [.. known.Concat(live.Select(run => run.Spec.Device))
            .Where(device => device != "")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(device =>
        {
            var (running, queued) = (live.Count(run => run.Spec.Device == device && run.State == RunState.Running),
                live.Count(run => run.Spec.Device == device && run.State == RunState.Queued));
            return (device.ToUpperInvariant(), (running == 0 ? "idle" : $"{running} running") + (queued == 0 ? "" : $", queue {queued}"),
                running > 0);
        })];
    }
}
