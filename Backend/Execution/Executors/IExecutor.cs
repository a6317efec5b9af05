using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Executors;

/// <summary>
/// Where workers run. The queue says which run is next; the executor, on which device there is room for it, and what has become of its worker.
/// </summary>
public interface IExecutor
{
    /// <summary>The devices that runs can be launched on; null as long as they are not known.</summary>
    IReadOnlyList<string>? Devices { get; }

    /// <summary>Runs that share one device at a time.</summary>
    int Slots { get; }

    /// <summary>Why nothing can be computed on a device; null where it can, or where that is not known yet.</summary>
    string? Fault(DeviceRequest request);

    /// <summary>The device that a run can have now; null where it has to wait.</summary>
    /// <param name="taken">One entry for each run that has a device.</param>
    string? Place(DeviceRequest request, IReadOnlyCollection<string> taken);

    /// <summary>Has a run's worker started.</summary>
    /// <param name="device">As <see cref="Place"/> gave it.</param>
    /// <exception cref="IOException">It cannot be started: says why.</exception>
    IJob Submit(RunFolder folder, string device);
}

/// <summary>A worker that an executor has been given to run.</summary>
public interface IJob : IDisposable
{
    /// <summary>How the worker has ended, as sentences say it: "exit code 3"; null as long as it waits or works.</summary>
    string? Ending { get; }

    /// <summary>Ends the worker, or keeps it from beginning.</summary>
    void Cancel();
}
