using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Devices;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Layout;

/// <summary>Follows all runs; draws again only when what it says has changed.</summary>
public sealed partial class DeviceChips : IDisposable
{
    /// <summary>With more GPUs, one chip speaks for all of them: the bar has no room for each.</summary>
    private const int MostGpus = 2;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private IReadOnlyList<(string Title, string Text, bool Busy)> _chips = [];
    private StoreWatch? _changes;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IExecutor Executor { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized()
    {
        _chips = Look();
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(Load), interval: Pace);
    }

    public void Dispose() => _changes?.Dispose();

    private void Load()
    {
        var now = Look();
        if (now.SequenceEqual(_chips))
            return;
        _chips = now;
        StateHasChanged();
    }

    /// <summary>Where there is a GPU, the CPU is shown only while something runs or waits there.</summary>
    private List<(string Title, string Text, bool Busy)> Look()
    {
        var uses = DeviceUse.Of(Executor.Devices, Store.Live);
        var gpus = uses.Where(use => DeviceRequest.IsGpu(use.Device)).ToList();
        var others = uses.Where(use => !DeviceRequest.IsGpu(use.Device) && (gpus.Count == 0 || use.Running.Count + use.Waiting.Count > 0));
        var count = gpus.Count(use => use.Device != DeviceRequest.AnyGpu);
        if (count > MostGpus)
        {
            var all = new DeviceUse($"{count} GPUs", [.. gpus.SelectMany(use => use.Running)], [.. gpus.SelectMany(use => use.Waiting)]);
            return [.. others.Select(Chip), (all.Device, all.Text, all.Running.Count > 0)];
        }
        return [.. others.Concat(gpus).Select(Chip)];
    }

    private static (string Title, string Text, bool Busy) Chip(DeviceUse use) => (use.Title, use.Text, use.Running.Count > 0);
}
