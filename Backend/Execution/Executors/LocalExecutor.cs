using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Executors;

/// <summary>Workers as processes of this machine, on its devices. They outlive the dashboard, which finds them again by their locks.</summary>
public sealed class LocalExecutor : IExecutor
{
    private readonly DashboardProgram _program;
    private readonly LibtorchOfWorkers _libtorch;
    private readonly IReadOnlyList<string> _chosen;
    private readonly DeviceSlots _slots;

    /// <param name="devices">Those that runs may use; empty: all that libtorch finds.</param>
    /// <param name="slots">Runs that share one device at a time.</param>
    public LocalExecutor(DashboardProgram program, LibtorchOfWorkers libtorch, IReadOnlyList<string> devices, int slots)
    {
        (_program, _libtorch, _chosen) = (program, libtorch, devices);
        _slots = new DeviceSlots(() => _chosen.Count > 0 ? _chosen : libtorch.Report?.Devices ?? (libtorch.IsAsked ? [] : null), slots);
    }

    public IReadOnlyList<string>? Devices => _slots.Devices;

    public int? Slots => _slots.Slots;

    /// <summary>A worker that dies has died of something that a person should see.</summary>
    public int Resumes => 0;

    /// <summary>One that cannot be started fails alone.</summary>
    public int AtOnce => 1;

    public bool IsElsewhere => false;

    public string? Problem => null;

    public string? Fault(DeviceRequest request) => _chosen.Count == 0 ? _libtorch.Report?.Fault(request.Name)
        : _chosen.Any(request.IsMetBy) ? null
        : $"{request.Name} is not among the devices that this dashboard uses: {string.Join(", ", _chosen)}. Choose one of these, or change "
            + "Dashboard:Devices in appsettings.json.";

    public string? Place(DeviceRequest request, IReadOnlyCollection<string> taken) => _slots.Place(request, taken);

    /// <summary>For a command that starts a worker at once, whether there is room or not.</summary>
    /// <inheritdoc cref="Place"/>
    public async Task<string> ChooseAsync(DeviceRequest request, IReadOnlyCollection<string> taken)
    {
        if (request.IsAnyGpu && _chosen.Count == 0)
            await _libtorch.AskAsync().ConfigureAwait(false);
        return _slots.Choose(request, taken);
    }

    public void Look()
    {
    }

    public IReadOnlyDictionary<string, IJob> Submit(IReadOnlyList<RunStart> starts) => starts.ToDictionary(start => start.Folder.Id,
        IJob (start) => new WorkerProcess(_program.StartWorker(start.Folder, start.Device), start.Ticket), StringComparer.Ordinal);

    /// <summary>One that has begun holds its run's lock, and needs nothing any more; one that has not is started again, and gives way.</summary>
    public IJob? Find(RunFolder folder) => null;

    /// <summary>A process of this machine is ended by its signal.</summary>
    public bool Cancel(RunFolder folder) => false;

    private sealed class WorkerProcess(ChildProcess process, QueueTicket ticket) : IJob
    {
        public DateTimeOffset Queued => ticket.Since;

        public int Resumes => ticket.Resumes;

        public JobEnding? Ending => process.HasExited ? new(JobEnd.Exited, $"exit code {process.ExitCode}") : null;

        public void Settle()
        {
        }

        public void Dispose() => process.Dispose();
    }
}
