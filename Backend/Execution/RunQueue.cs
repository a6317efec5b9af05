using System.Diagnostics;
using System.Text.Json;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>
/// Starts what waits, one run a device at a time. What waits stands as tickets in the run folders: it survives the dashboard, and a run
/// that another program has queued is started like one of our own.
/// </summary>
public sealed class RunQueue : IRunQueue, IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly DataFolder _data;
    private readonly RunStore _store;
    private readonly LocalExecutor _executor;
    private readonly RunInventory _inventory;
    private readonly RunStopper _stopper;
    private readonly TimeProvider _time;
    private readonly Lock _submitting = new();
    private readonly Dictionary<string, (Process Process, QueueTicket Ticket)> _started = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _thread;

    public RunQueue(DataFolder data, RunStore store, LocalExecutor executor, RunInventory inventory, TimeProvider time, TimeSpan? grace = null)
    {
        (_data, _store, _executor, _inventory, _time) = (data, store, executor, inventory, time);
        _stopper = new RunStopper(time, grace ?? RunStopper.DefaultGrace);
        _thread = new Thread(Work) { IsBackground = true, Name = "run queue" };
        _thread.Start();
    }

    public RunSummary Submit(RunRequest request)
    {
        // Under a lock, so that runs submitted at once wait in the order of their creation, and share the run that they start from.
        lock (_submitting)
        {
            if (_store.Problem is { } problem)
                throw new InvalidRunException("data", problem);
            RunSummary? last = null;
            foreach (var spec in new RunPlan(_inventory, _store.Runs, waits: true, _time).Of(request))
            {
                var folder = _data.Run(spec.Id);
                new QueueTicket(_time.GetUtcNow()).Write(folder);
                RunFolder.Create(folder.Path, spec);
                last = _store.Refresh(spec.Id);
            }
            return last!;
        }
    }

    public async Task StopAsync(string id)
    {
        await _stopper.StopAsync(Known(id).Folder).ConfigureAwait(false);
        _store.Refresh(id);
    }

    public void Resume(string id)
    {
        var (folder, run) = Known(id);
        RunResumption.Check(run);
        new QueueTicket(_time.GetUtcNow()).Write(folder);
        _store.Refresh(id);
    }

    public void Delete(string id)
    {
        var (folder, run) = Known(id);
        var dependents = _store.StartingFrom(id).Select(other => other.Spec.Id).ToList();
        if (dependents.Count > 0)
            throw new InvalidRunException("run", $"{id} cannot be deleted: these runs start from it: {string.Join(", ", dependents)}. Delete them first.");
        if (run.State is RunState.Running or RunState.Queued)
            throw new InvalidRunException("run", $"{id} cannot be deleted while it is {run.State.ToString().ToLowerInvariant()}. Stop it first.");
        _data.Delete(folder);
        _store.Refresh(id);
    }

    public async Task<DryRunReport> DryRunAsync(RunRequest request, CancellationToken stop)
    {
        var spec = RunDraft.Complete(request, _inventory, _store.Find, _time);
        var folder = RunFolder.Create(Path.Combine(_data.DryRuns, spec.Id), spec);
        try
        {
            using var process = _executor.StartDryRun(folder);
            try
            {
                var (output, complaints) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
                await process.WaitForExitAsync(stop).ConfigureAwait(false);
                var report = (await output.ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
                if (process.ExitCode == 0 && report is not null)
                    return JsonSerializer.Deserialize<DryRunReport>(report, RunJson.Line)!;
                var reason = (await complaints.ConfigureAwait(false)).Trim();
                throw new InvalidRunException("dryRun", reason.Length > 0 ? reason : $"The dry run ended with exit code {process.ExitCode} and said nothing.");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            Directory.Delete(folder.Path, recursive: true);
        }
    }

    /// <summary>Ends the starting of runs; those that run go on.</summary>
    public void Dispose()
    {
        _closing.Set();
        _thread.Join();
        foreach (var (process, _) in _started.Values)
            process.Dispose();
        _closing.Dispose();
    }

    private (RunFolder Folder, RunSummary Run) Known(string id) =>
        (_store.Folder(id), _store.Find(id)) is ({ } folder, { } run) ? (folder, run) : throw new InvalidRunException("run", $"There is no run '{id}'.");

    private void Work()
    {
        if (Directory.Exists(_data.DryRuns))
            Directory.Delete(_data.DryRuns, recursive: true);
        FinishStops();
        while (!_closing.Wait(Pace))
        {
            try
            {
                Reap();
                StartNext();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A shared folder that is away for a moment: the next round tries again.
                Trace.TraceWarning($"The queue could not look at its runs: {error.Message}");
            }
        }
    }

    /// <summary>A stop that a former dashboard began and did not live to finish.</summary>
    private void FinishStops()
    {
        foreach (var run in _store.Runs.Where(run => run.State is RunState.Interrupted or RunState.Running))
            if (_store.Folder(run.Spec.Id) is { } folder && StopRequest.Exists(folder))
                _ = _stopper.StopAsync(folder);
    }

    /// <summary>A worker that ended without taking its ticket has not begun: its run would be started again and again.</summary>
    private void Reap()
    {
        foreach (var (id, (process, ticket)) in _started.Where(started => started.Value.Process.HasExited).ToList())
        {
            _started.Remove(id);
            using (process)
                if (_store.Folder(id) is { } folder && QueueTicket.Read(folder) == ticket)
                    Fail(folder, $"The worker could not begin (exit code {process.ExitCode}): {LastLine(folder)}");
            _store.Refresh(id);
        }
    }

    private void StartNext()
    {
        var runs = _store.Live;
        var started = _started.Keys.Select(_store.Find).OfType<RunSummary>();
        var busy = runs.Where(run => run.State == RunState.Running).Concat(started).Select(run => run.Spec.Device).ToHashSet(StringComparer.Ordinal);
        foreach (var run in runs.Where(run => run.QueuePosition is not null).OrderBy(run => run.QueuePosition))
        {
            if (!HasItsInputs(run.Spec))
                continue;
            // A ticket with a launcher of its own is not ours; it still keeps its place in the lane.
            if (!busy.Add(run.Spec.Device) || _store.Ticket(run.Spec.Id) is not { Launcher: null } ticket || _store.Folder(run.Spec.Id) is not { } folder)
                continue;
            try
            {
                _started[run.Spec.Id] = (_executor.Start(folder), ticket);
            }
            catch (IOException error)
            {
                Fail(folder, error.Message);
            }
        }
    }

    /// <summary>A run waits for those that it starts from without keeping its lane from others; it fails where one of them will not finish by itself.</summary>
    private bool HasItsInputs(RunSpec spec)
    {
        foreach (var (role, id) in spec.Inputs)
        {
            var state = _store.Find(id)?.State;
            if (state == RunState.Finished)
                continue;
            if (state is not (RunState.Queued or RunState.Running) && _store.Ticket(spec.Id) is { Launcher: null } && _store.Folder(spec.Id) is { } folder)
            {
                Fail(folder, RunInputs.Complaint(role, id, state));
                _store.Refresh(spec.Id);
            }
            return false;
        }
        return true;
    }

    private void Fail(RunFolder folder, string message)
    {
        try
        {
            using var held = WorkerLock.TryTake(folder, _time);
            if (held is null)
                return;
            QueueTicket.Remove(folder);
            using var log = new EventLogWriter(folder.Events, _time);
            log.Append(new RunFailed(message));
            log.Complete();
        }
        catch (IOException)
        {
            // The disk is full, or the folder is gone: without its ticket the run shows as interrupted.
        }
    }

    private static string LastLine(RunFolder folder) =>
        File.Exists(folder.WorkerLog) && File.ReadLines(folder.WorkerLog).LastOrDefault(line => line.Trim().Length > 0) is { } line
            ? line.Trim()
            : $"it said nothing in {folder.WorkerLog}.";
}
