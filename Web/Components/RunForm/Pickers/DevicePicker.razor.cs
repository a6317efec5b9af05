using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.RunForm.Pickers;

/// <summary>Follows all runs; draws again only when what it says has changed.</summary>
public sealed partial class DevicePicker : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private IReadOnlyList<(string Device, string Text)> _devices = [];
    private string _help = "";
    private StoreWatch? _changes;

    /// <summary>cpu, cuda or cuda:N.</summary>
    [Parameter, EditorRequired] public required string Value { get; set; }

    [Parameter] public EventCallback<string> ValueChanged { get; set; }
    [Parameter] public string? Failure { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private LibtorchOfWorkers Libtorch { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private IReadOnlyList<string> Found => Libtorch.Report?.Devices ?? ["cpu"];

    /// <summary>cuda alone is the first GPU, and stands in the list under its number.</summary>
    private string Chosen => Value == "cuda" && Found.Contains("cuda:0") ? "cuda:0" : Value;

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(Refresh), interval: Pace);

    protected override void OnParametersSet() => Look();

    private void Refresh()
    {
        var (devices, help) = (_devices, _help);
        Look();
        if (help != _help || !devices.SequenceEqual(_devices))
            StateHasChanged();
    }

    private void Look()
    {
        _devices =
        [
            .. Found.Select(device => (device, $"{device} · {Load(device)}")),
            .. Found.Contains(Chosen) || Chosen == "" ? [] : new[] { (Chosen, $"{Chosen} · not found on this machine") },
        ];
        var running = On(Chosen).Where(run => run.State == RunState.Running).Select(Describe).ToList();
        _help = running.Count == 0
            ? "What libtorch finds on this machine. Runs on one device wait for each other."
            : $"Runs there now: {string.Join("; ", running)}. A new run waits for its turn.";
    }

    private string Load(string device)
    {
        var (running, queued) = (On(device).Count(run => run.State == RunState.Running), On(device).Count(run => run.State == RunState.Queued));
        return running + queued == 0 ? "idle" : $"{running} running, {queued} queued";
    }

    private IEnumerable<RunSummary> On(string device) => Store.Live.Where(run => run.Spec.Device == device);

    private static string Describe(RunSummary run) =>
        run.Eta is { } eta ? $"{run.Spec.Title}, {Format.Seconds(eta)} left" : run.Spec.Title;

    public void Dispose() => _changes?.Dispose();
}
