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

    /// <summary>Runs that share one device at a time; null where a cluster decides.</summary>
    int? Slots { get; }

    /// <summary>How often a run goes on by itself whose worker was taken away.</summary>
    int Resumes { get; }

    /// <summary>How many workers one <see cref="Submit"/> takes at most.</summary>
    int AtOnce { get; }

    /// <summary>Whether workers run on other hosts, which a shared folder shows late.</summary>
    bool IsElsewhere { get; }

    /// <summary>Why nothing can be started now, or seen of what was; null while all is well.</summary>
    string? Problem { get; }

    /// <summary>Why nothing can be computed on a device; null where it can, or where that is not known yet.</summary>
    string? Fault(DeviceRequest request);

    /// <summary>Looks what has become of all jobs; does nothing where it has just looked.</summary>
    void Look();

    /// <summary>The device that a run can have now; null where it has to wait.</summary>
    /// <param name="taken">One entry for each run that has a device.</param>
    string? Place(DeviceRequest request, IReadOnlyCollection<string> taken);

    /// <summary>Has the workers of some runs started.</summary>
    /// <param name="starts">All on the same device, and no more than <see cref="AtOnce"/>.</param>
    /// <returns>The jobs by run. A run without one cannot be started now, and keeps its place.</returns>
    /// <exception cref="IOException">They cannot be started: says why.</exception>
    IReadOnlyDictionary<string, IJob> Submit(IReadOnlyList<RunStart> starts);

    /// <summary>The job that an earlier dashboard has had started for a run; null where there is none that it has not settled.</summary>
    IJob? Find(RunFolder folder);

    /// <summary>Ends a run's job, wherever it waits or runs.</summary>
    /// <returns>False where there is none, or it cannot be ended from here now.</returns>
    bool Cancel(RunFolder folder);
}

/// <summary>A run whose worker is to be started.</summary>
/// <param name="Device">As <see cref="IExecutor.Place"/> gave it.</param>
public sealed record RunStart(RunFolder Folder, QueueTicket Ticket, string Device);

/// <summary>A worker that an executor has been given to run.</summary>
public interface IJob : IDisposable
{
    /// <summary>The time of the <see cref="QueueTicket"/> that it was started for.</summary>
    DateTimeOffset Queued { get; }

    /// <inheritdoc cref="QueueTicket.Resumes"/>
    int Resumes { get; }

    /// <summary>How the worker has ended; null as long as it waits or works.</summary>
    JobEnding? Ending { get; }

    /// <summary>What becomes of the run after the job's end has been seen to: no later dashboard does so again.</summary>
    void Settle();
}

/// <param name="Text">"exit code 3", "Slurm job 17 on node3 reached its time limit".</param>
/// <param name="Cause">What a run that goes on by itself goes on after: "its time limit".</param>
/// <param name="Remedy">What a person can do where that has happened too often, as a clause: "Raise the time limit".</param>
/// <param name="HasBegun">False where the job has only waited: its worker has written nothing.</param>
public sealed record JobEnding(JobEnd End, string Text, string? Cause = null, string? Remedy = null, bool HasBegun = true);

/// <summary>Who has ended a worker.</summary>
public enum JobEnd
{
    /// <summary>The worker itself, in order or not.</summary>
    Exited,

    /// <summary>The machine or the cluster, by no fault of the run: it may go on.</summary>
    TakenAway,

    /// <summary>Nobody knows: the cluster has lost the node, or forgotten the job, whose worker may even go on.</summary>
    Lost,

    /// <summary>A person, past the dashboard.</summary>
    Cancelled,

    /// <summary>The cluster, because the job used more memory than it had asked for.</summary>
    OutOfMemory,
}
