using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>
/// Gives the runs that wait to the executor, the first in the queue first, as devices become free; and sees to those whose worker has ended. Not
/// thread-safe.
/// </summary>
/// <param name="isStopping">Whether a stop of that run is under way.</param>
/// <param name="mayStart">Whether this dashboard leads, asked before each start.</param>
internal sealed class RunScheduler(RunStore store, IExecutor executor, TimeProvider time, ILogger logger, Func<string, bool> isStopping,
    Func<bool> mayStart) : IDisposable
{
    /// <summary>Without a change among the runs: a pause after a vain start may be over, or the devices known.</summary>
    private static readonly TimeSpan InAnyCase = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (IJob Job, string Device)> _started = new(StringComparer.Ordinal);
    private readonly StartTries _tries = new(time);
    private readonly JobEnds _ends = new(executor, time, logger);

    /// <summary>When an input of a run that another host has queued was first seen not to finish.</summary>
    private readonly Dictionary<string, long> _missed = new(StringComparer.Ordinal);

    /// <summary>When the end of a job was first heard of that its run's folder does not show yet.</summary>
    private readonly Dictionary<string, long> _heard = new(StringComparer.Ordinal);

    private (long Version, long At)? _looked;
    private bool _hasAdopted;

    /// <summary>Looks once; costs next to nothing while nothing changes, however many runs wait.</summary>
    /// <exception cref="IOException">A folder cannot be looked at.</exception>
    public void Round()
    {
        if (!_hasAdopted)
            Adopt();
        executor.Look();
        var version = store.ListVersion;
        if (!Reap() && _looked is { } last && last.Version == version && time.GetElapsedTime(last.At) < InAnyCase)
            return;
        StartNext();
        _looked = (version, time.GetTimestamp());
    }

    /// <summary>The workers go on.</summary>
    public void Dispose()
    {
        foreach (var (job, _) in _started.Values)
            job.Dispose();
    }

    /// <summary>What an earlier dashboard has had started elsewhere, and what has been stopped since past the queue.</summary>
    private void Adopt()
    {
        foreach (var run in store.Runs.Where(run => run.State is RunState.Queued or RunState.Running or RunState.Interrupted))
            if (store.Folder(run.Spec.Id) is { } folder && executor.Find(folder) is { } job)
                _started[run.Spec.Id] = (job, run.Device);
        _hasAdopted = true;
    }

    /// <returns>Whether a worker has ended.</returns>
    private bool Reap()
    {
        // A worker whose node is lost may go on beyond our sight: as long as its lock is fresh, nobody takes its place.
        var ended = _started.Where(started => started.Value.Job.Ending is { } ending
            && (ending.End != JobEnd.Lost || store.Find(started.Key) is not { State: RunState.Running })
            && (!executor.IsElsewhere || Shows(started.Key, ending))).ToList();
        foreach (var (id, (job, _)) in ended)
        {
            End(id, job, job.Ending!);
            job.Settle();
            _started.Remove(id);
            _heard.Remove(id);
            job.Dispose();
            store.Refresh(id);
        }
        return ended.Count > 0;
    }

    /// <summary>
    /// A cluster may tell of a job's end before the shared folder shows what its worker has written: its last word is waited for, but not for ever.
    /// </summary>
    private bool Shows(string id, JobEnding ending) =>
        !ending.HasBegun
        || store.Find(id) is not { State: RunState.Queued or RunState.Running or RunState.Interrupted } run
        // What a worker of this host has written shows at once.
        || run.Host == Environment.MachineName
        || HasLasted(_heard, id);

    private bool HasLasted(Dictionary<string, long> since, string id)
    {
        since.TryAdd(id, time.GetTimestamp());
        return time.GetElapsedTime(since[id]) >= SharedFolder.Lag;
    }

    /// <summary>
    /// A worker that ended without taking its ticket has not begun. It is tried again a few times, for a machine may be short of something for a
    /// moment.
    /// </summary>
    private void End(string id, IJob job, JobEnding ending)
    {
        if (store.Folder(id) is not { } folder)
            return;
        if (QueueTicket.Read(folder) is not { Launcher: null } ticket || ticket.Since != job.Queued)
        {
            _tries.Forget(id);
            if (!IsStopping(id))
                _ends.OfBegun(folder, job, ending);
            return;
        }
        var reason = $"The worker could not begin ({ending.Text}): {LastLine(folder)}";
        if (ending.End == JobEnd.Cancelled)
            End(folder, ticket, $"{ending.Text}.", [new RunLog("info", $"{ending.Text}."), new RunCancelled()]);
        else if (_tries.Failed(id, ticket))
            logger.LogWarning("{Run}: {Reason} It is tried again.", id, reason);
        else
            Fail(folder, ticket, reason);
    }

    private void StartNext()
    {
        // After a dashboard on another host has led, its runs go on there: a device of this host is not theirs.
        var taken = store.Live.Where(run => run.State == RunState.Running && IsOurs(run))
            .ToDictionary(run => run.Spec.Id, run => run.Device, StringComparer.Ordinal);
        // Of a worker that has only just begun, its run does not know the device yet.
        foreach (var (id, (_, device)) in _started)
            taken[id] = device;
        // Many may wait for one.
        var inputs = new Dictionary<string, RunState?>(StringComparer.Ordinal);
        // A device that has no place for one has none for those behind it.
        var full = new HashSet<string>(StringComparer.Ordinal);
        var starts = new List<RunStart>();
        foreach (var (spec, ticket, folder) in store.Waiting)
        {
            if (_started.ContainsKey(spec.Id) || isStopping(spec.Id) || (ticket.Launcher is null && !_tries.MayStart(spec.Id, ticket))
                || !HasItsInputs(spec, inputs))
                continue;
            if (full.Contains(spec.Device) || executor.Place(new(spec.Device), taken.Values) is not { } device)
            {
                full.Add(spec.Device);
                continue;
            }
            taken[spec.Id] = device;
            // A ticket with a launcher of its own is not ours; it still keeps its place in the queue.
            if (ticket.Launcher is null)
                starts.Add(new(folder, ticket, device));
        }
        foreach (var some in starts.GroupBy(start => start.Device).SelectMany(same => same.Chunk(executor.AtOnce)))
            if (!Start(some))
                break;
    }

    private bool IsOurs(RunSummary run) => executor.IsElsewhere || run.Host is null || run.Host == Environment.MachineName;

    /// <returns>False where no more can be started now.</returns>
    private bool Start(IReadOnlyList<RunStart> starts)
    {
        if (!mayStart())
            return false;
        var ready = starts.Where(start => Try([start], () => LastWordReserve.Keep(start.Folder))).ToList();
        IReadOnlyDictionary<string, IJob> jobs = new Dictionary<string, IJob>();
        if (ready.Count == 0 || !Try(ready, () => jobs = executor.Submit(ready)))
            return true;
        foreach (var (id, job) in jobs)
            _started[id] = (job, ready[0].Device);
        return jobs.Count == ready.Count;
    }

    /// <returns>False where it does not succeed: the runs have failed.</returns>
    private bool Try(IReadOnlyList<RunStart> starts, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var reason = DiskFull.Is(error) ? DiskFull.Sentence : $"The worker could not be started: {error.Message}";
            foreach (var start in starts)
                Fail(start.Folder, start.Ticket, reason);
            store.Refresh([.. starts.Select(start => start.Folder.Id)]);
            return false;
        }
    }

    /// <summary>
    /// A run waits for those that it starts from without keeping its device from others. Where one of them will not finish by itself, it ends as that
    /// one did: stopped, or failed.
    /// </summary>
    /// <param name="states">Of runs that have been asked for.</param>
    private bool HasItsInputs(RunSpec spec, Dictionary<string, RunState?> states)
    {
        foreach (var (role, id) in spec.Inputs)
        {
            // Asked before and after: a stop may end or begin in between.
            if (isStopping(id))
                return false;
            if (!states.TryGetValue(id, out var state))
                states[id] = state = store.Find(id)?.State;
            if (state == RunState.Interrupted && IsStopping(id))
                return false;
            // What would end this run is asked of the disk itself. The store has not seen the two at the same moment: the other one may have been
            // written, resumed or stopped since.
            if (state is not (RunState.Finished or RunState.Queued or RunState.Running))
                states[id] = state = store.Refresh(id)?.State;
            if (state is RunState.Finished or RunState.Queued or RunState.Running)
                _missed.Remove(spec.Id);
            if (state == RunState.Finished)
                continue;
            if (state is not (RunState.Queued or RunState.Running) && store.Ticket(spec.Id) is { Launcher: null } ticket
                && store.Folder(spec.Id) is { } folder && (!ticket.IsFromElsewhere || HasLasted(_missed, spec.Id)))
            {
                var complaint = RunInputs.Complaint(role, id, state);
                End(folder, ticket, complaint, LastWords.Following(state, complaint));
                states[spec.Id] = store.Refresh(spec.Id)?.State;
            }
            return false;
        }
        return true;
    }

    private bool IsStopping(string id) => isStopping(id) || (store.Folder(id) is { } folder && StopRequest.Exists(folder));

    private void Fail(RunFolder folder, QueueTicket ticket, string message) => End(folder, ticket, message, [new RunFailed(message)]);

    private void End(RunFolder folder, QueueTicket ticket, string message, IReadOnlyList<RunEvent> lastWords)
    {
        _tries.GiveUp(folder.Id, ticket);
        logger.LogWarning("{Run} is not started: {Reason}", folder.Id, message);
        try
        {
            LastWords.Speak(folder, time, lastWords);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not even that: it is not started again, and the log of the dashboard says why.
            logger.LogWarning(error, "{Run}: its end could not be written into its folder: {Reason}", folder.Id, error.Message);
        }
    }

    private static string LastLine(RunFolder folder) =>
        File.Exists(folder.WorkerLog) && File.ReadLines(folder.WorkerLog).LastOrDefault(line => line.Trim().Length > 0) is { } line
            ? line.Trim()
            : $"it said nothing in {folder.WorkerLog}.";
}
