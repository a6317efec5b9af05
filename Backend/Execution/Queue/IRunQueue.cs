using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>Launches, stops and resumes runs. One lane a device: runs on one device wait for each other.</summary>
public interface IRunQueue
{
    /// <summary>
    /// Checks the options and the files that they name, writes the run folder, queues the run; with those that have to be made first. All of them, or
    /// none.
    /// </summary>
    /// <exception cref="InvalidRunException">With every failure; or the files could not be read in time.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    Task<RunSummary> SubmitAsync(RunRequest request, CancellationToken stop = default);

    /// <summary>What <see cref="SubmitAllAsync"/> would do now; queues nothing.</summary>
    /// <exception cref="InvalidRunException">With every failure of all of them; or the files could not be read in time.</exception>
    Task<SettledPlan> PlanAsync(IReadOnlyList<WantedRun> wanted, CancellationToken stop = default);

    /// <summary>Queues the whole graph of what has to be made for all of these. All of them, or none.</summary>
    /// <param name="alongside">Writes down what belongs to the plan; where it fails with an I/O error, nothing is queued.</param>
    /// <exception cref="InvalidRunException">With every failure of all of them; or the files could not be read in time.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    Task<SettledPlan> SubmitAllAsync(IReadOnlyList<WantedRun> wanted, Action<SettledPlan>? alongside = null, CancellationToken stop = default);

    /// <summary>
    /// Asks the worker to stop, kills it if it does not; the state is <see cref="RunState.Cancelled"/> only after the process is gone. What waits for
    /// the run is then cancelled too.
    /// </summary>
    /// <exception cref="InvalidRunException">There is no such run, or its worker cannot be ended from here.</exception>
    Task StopAsync(string id);

    /// <summary>The same for many at once. None of them is started while the others end.</summary>
    /// <exception cref="InvalidRunException">Some could not be stopped, the others are: with every failure.</exception>
    Task StopAsync(IReadOnlyList<string> ids);

    /// <summary>
    /// Queues an interrupted, failed or cancelled run again, from its last complete checkpoint; and with it those that waited for it.
    /// </summary>
    /// <exception cref="InvalidRunException">The run is running, queued or finished.</exception>
    void Resume(string id);

    /// <summary>Deletes a run that is not running, with its folder.</summary>
    /// <exception cref="InvalidRunException">It runs, or other runs depend on it: the message lists them.</exception>
    void Delete(string id);

    /// <summary>One batch in a worker process of its own, on this host.</summary>
    Task<DryRunReport> DryRunAsync(RunRequest request, CancellationToken stop);
}
