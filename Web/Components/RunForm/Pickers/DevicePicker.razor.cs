using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Devices;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.RunForm.Pickers;

/// <summary>Follows all runs; draws again only when what it says has changed.</summary>
public sealed partial class DevicePicker : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private IReadOnlyList<(string Device, string Text)> _devices = [];
    private string _help = "";
    private StoreWatch? _changes;

    /// <summary>As <see cref="DeviceRequest"/>.</summary>
    [Parameter, EditorRequired] public required string Value { get; set; }

    [Parameter] public EventCallback<string> ValueChanged { get; set; }
    [Parameter] public string? Failure { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IExecutor Executor { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    /// <summary>What can be chosen: where there are several GPUs, the first that is free comes before each of them.</summary>
    private IReadOnlyList<string> Found
    {
        get
        {
            var devices = Executor.Devices is { Count: > 0 } known ? known : [DeviceRequest.Cpu];
            return devices.Count(DeviceRequest.IsGpu) < 2 ? devices
                : [.. devices.Where(device => !DeviceRequest.IsGpu(device)), DeviceRequest.AnyGpu, .. devices.Where(DeviceRequest.IsGpu)];
        }
    }

    /// <summary>Any GPU, where there is only one, stands in the list under its number.</summary>
    private string Chosen =>
        Value == DeviceRequest.AnyGpu && Found.Where(DeviceRequest.IsGpu).ToList() is [var only] ? only : Value;

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
        var uses = DeviceUse.Of(Executor.Devices, Store.Live);
        _devices =
        [
            .. Found.Select(device => (device, $"{device} · {Load(device, uses)}")),
            .. Found.Contains(Chosen) || Chosen == "" || Executor.Slots is null ? [] : new[] { (Chosen, $"{Chosen} · not found on this machine") },
        ];
        var request = new DeviceRequest(Chosen);
        var running = uses.Where(use => request.IsMetBy(use.Device)).SelectMany(use => use.Running).Select(Describe).ToList();
        _help = running.Count > 0 ? $"Runs there now: {string.Join("; ", running)}. {Rule}"
            : Executor.Slots is null ? Rule
            : $"What libtorch finds on this machine. {Rule}";
    }

    private string Rule => Executor.Slots switch
    {
        null => "A job of the Slurm cluster, with one GPU or none.",
        1 => "Runs on one device wait for each other.",
        var slots => $"Up to {slots} runs share a device.",
    };

    private static string Load(string device, IReadOnlyList<DeviceUse> uses)
    {
        if (device == DeviceRequest.AnyGpu && uses.Any(use => use.Device != device && DeviceRequest.IsGpu(use.Device)))
            return $"the first of {uses.Count(use => use.Device != device && DeviceRequest.IsGpu(use.Device))} GPUs that is free";
        var (running, queued) = uses.FirstOrDefault(use => use.Device == device) is { } use ? (use.Running.Count, use.Waiting.Count) : (0, 0);
        return running + queued == 0 ? "idle" : $"{running} running, {queued} queued";
    }

    private static string Describe(RunSummary run) =>
        run.Eta is { } eta ? $"{run.Spec.Title}, {Format.Seconds(eta)} left" : run.Spec.Title;

    public void Dispose() => _changes?.Dispose();
}
