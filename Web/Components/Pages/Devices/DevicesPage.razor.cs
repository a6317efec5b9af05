using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Devices;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Devices;

/// <summary>Every device: its memory, what runs there; and all that waits.</summary>
public sealed partial class DevicesPage : IDisposable
{
    /// <summary>Waiting runs that are listed; the page of runs has all.</summary>
    private const int Shown = 50;

    /// <summary>Of the look at the memory, which nobody tells about.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private IReadOnlyList<DeviceUse> _devices = [];
    private IReadOnlyDictionary<string, (double Used, double Total)?> _memory = new Dictionary<string, (double, double)?>();
    private IReadOnlyList<RunSummary> _waiting = [];
    private StoreWatch? _changes;
    private ITimer? _looks;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IExecutor Executor { get; set; } = null!;
    [Inject] private LibtorchOfWorkers Libtorch { get; set; } = null!;
    [Inject] private DeviceMemory Memory { get; set; } = null!;
    [Inject] private Lead Lead { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    /// <summary>Whether runs are started on other hosts than this one, of which it knows neither memory nor libtorch.</summary>
    private bool IsElsewhere => Executor.Slots is null || (!Lead.IsLeading && Lead.Leader is not { Process.IsLocal: true });

    private string Rule => Executor.Slots switch
    {
        null => "Runs are jobs of a Slurm cluster, which decides where and when they begin.",
        1 => "Each device executes one run at a time; the others wait for their turn. Dashboard:Slots in appsettings.json lets small runs share one.",
        var slots => $"Up to {slots} runs share a device, as Dashboard:Slots in appsettings.json says; the others wait for their turn.",
    };

    protected override void OnInitialized()
    {
        Look();
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(Load));
        // Drivers are asked beside the circuit: the first answer takes one a moment.
        _looks = Clock.CreateTimer(_ => LookAtMemory(), null, TimeSpan.Zero, Pace);
        Lead.Changed += Show;
    }

    public void Dispose()
    {
        Lead.Changed -= Show;
        _changes?.Dispose();
        _looks?.Dispose();
    }

    private void Show() => InvokeAsync(Load);

    private void Load()
    {
        Look();
        StateHasChanged();
    }

    private void LookAtMemory()
    {
        var memory = IsElsewhere ? [] : _devices.ToDictionary(use => use.Device, use => Memory.Of(use.Device), StringComparer.Ordinal);
        InvokeAsync(() =>
        {
            _memory = memory;
            Load();
        });
    }

    private void Look()
    {
        var uses = DeviceUse.Of(Executor.Devices, Store.Live);
        _devices = Executor.Slots is null ? uses : [.. uses.Where(use => use.Device != DeviceRequest.AnyGpu)];
        _waiting = [.. uses.SelectMany(use => use.Waiting).OrderBy(run => run.QueuePosition).ThenBy(run => run.Spec.Created)];
    }

    private string Use(DeviceUse use) => (use.Running.Count, Executor.Slots) switch
    {
        (0, _) => "idle",
        (var running, null) => $"{running} running",
        (var running, var slots) => $"{running} of {slots} in use",
    };

    private static int Percent((double Used, double Total) memory) => (int)Math.Clamp(100 * memory.Used / Math.Max(1, memory.Total), 0, 100);
}
