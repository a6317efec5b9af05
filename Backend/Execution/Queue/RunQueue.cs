using System.Collections.Concurrent;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>
/// Launches runs, and starts what waits while <see cref="RunAsync"/> runs. What waits stands as tickets in the run folders: it survives the
/// dashboard, and a run that another program has queued is started like one of our own. Of several dashboards on one data folder the leading one
/// starts what waits.
/// </summary>
public sealed class RunQueue : IRunQueue, IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>A worker may take its time to end.</summary>
    private const int StopsAtOnce = 16;

    private readonly DataFolder _data;
    private readonly RunStore _store;
    private readonly DashboardProgram _program;
    private readonly IExecutor _executor;
    private readonly Lead? _lead;
    private readonly RunInventory _inventory;
    private readonly RunStopper _stopper;
    private readonly PatientLook _look;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _submitting = new();

    /// <summary>Between the worker's end and its last word such a run looks interrupted.</summary>
    private readonly ConcurrentDictionary<string, bool> _stopping = new(StringComparer.Ordinal);

    private readonly CancellationTokenSource _closing = new();
    private Task _working = Task.CompletedTask;

    /// <param name="grace">How long a worker has to end by itself; null: <see cref="RunStopper.DefaultGrace"/>.</param>
    /// <param name="patience">How long a launch waits for the files that it names; null: half a minute.</param>
    /// <param name="lead">Null: there is no other dashboard.</param>
    public RunQueue(
        DataFolder data, RunStore store, DashboardProgram program, IExecutor executor, RunInventory inventory, TimeProvider time,
        ILogger<RunQueue> logger, TimeSpan? grace = null, TimeSpan? patience = null, Lead? lead = null)
    {
        (_lead, _data, _store, _program, _executor) = (lead, data, store, program, executor);
        (_inventory, _time, _logger) = (inventory, time, logger);
        _stopper = new RunStopper(time, grace ?? RunStopper.DefaultGrace, executor.Cancel);
        _look = new PatientLook(patience ?? PatientLook.DefaultLimit, time);
    }

    public async Task<RunSummary> SubmitAsync(RunRequest request, CancellationToken stop = default)
    {
        var plan = await SubmitAllAsync([new WantedRun(request)], alongside: null, stop).ConfigureAwait(false);
        var id = plan.Wanted[0].Spec.Id;
        return _store.Find(id) ?? throw new IOException($"{_data.Run(id).Path} is gone.");
    }

    public async Task<SettledPlan> PlanAsync(IReadOnlyList<WantedRun> wanted, CancellationToken stop = default) =>
        (await PrepareAsync(wanted, stop).ConfigureAwait(false)).Settle(_store, IsTaken, _time);

    public async Task<SettledPlan> SubmitAllAsync(IReadOnlyList<WantedRun> wanted, Action<SettledPlan>? alongside = null,
        CancellationToken stop = default)
    {
        var prepared = await PrepareAsync(wanted, stop).ConfigureAwait(false);
        // Under a lock, so that runs submitted at once share the run that they start from. No file of another run is read here.
        lock (_submitting)
        {
            if (_store.Problem is { } problem)
                throw new InvalidRunException("data", problem);
            var plan = prepared.Settle(_store, IsTaken, _time);
            PlanFolders.Write(plan.Runs, _data, _time, alongside: () => alongside?.Invoke(plan));
            _store.Refresh([.. plan.Runs.Where(run => run.IsQueued).Select(run => run.Spec.Id)]);
            return plan;
        }
    }

    public Task StopAsync(string id) => StopAsync([id]);

    public async Task StopAsync(IReadOnlyList<string> ids)
    {
        foreach (var id in ids)
            _stopping[id] = true;
        var failures = new ConcurrentQueue<OptionFailure>();
        using var turns = new SemaphoreSlim(StopsAtOnce);
        await Task.WhenAll(ids.Select(async id =>
        {
            await turns.WaitAsync().ConfigureAwait(false);
            try
            {
                // Disks may be slow, and a cluster's queue may take its time to answer: not on the thread of whoever asks.
                await Task.Run(() => StopOneAsync(id)).ConfigureAwait(false);
            }
            catch (InvalidRunException error)
            {
                foreach (var failure in error.Failures)
                    failures.Enqueue(failure);
            }
            finally
            {
                turns.Release();
                _stopping.TryRemove(id, out _);
            }
        })).ConfigureAwait(false);
        if (!failures.IsEmpty)
            throw new InvalidRunException([.. failures]);
    }

    private async Task StopOneAsync(string id)
    {
        var (folder, _) = Known(id);
        await _stopper.StopAsync(folder).ConfigureAwait(false);
        // A job that still waits in a cluster's queue.
        _executor.Cancel(folder);
        _store.Refresh(id);
    }

    public void Resume(string id)
    {
        var (folder, run) = Known(id);
        RunResumption.Check(run);
        var following = RunResumption.Following(id, _store).Select(waiting => waiting.Spec.Id).ToList();
        RunResumption.Queue(folder, _time);
        foreach (var other in following.Select(_store.Folder).OfType<RunFolder>())
            RunResumption.Queue(other, _time);
        _store.Refresh([id, .. following]);
    }

    public void Delete(string id)
    {
        // As it is now: on a shared folder another dashboard may have resumed it.
        _store.Refresh(id);
        var (folder, run) = Known(id);
        var dependents = _store.StartingFrom(id).Select(other => other.Spec.Id).ToList();
        if (dependents.Count > 0)
            throw new InvalidRunException("run",
                $"{id} cannot be deleted: these runs start from it: {string.Join(", ", dependents)}. Delete them first.");
        if (run.State is RunState.Running or RunState.Queued)
            throw new InvalidRunException("run", $"{id} cannot be deleted while it {run.State.AsVerb()}. Stop it first.");
        _data.Delete(folder);
        _store.Refresh(id);
    }

    public async Task<DryRunReport> DryRunAsync(RunRequest request, CancellationToken stop)
    {
        var spec =
            await _look.TakeAsync(NameOf(request), () => RunDraft.Complete(request, _inventory, _store.Find, _time), stop).ConfigureAwait(false);
        return await DryRuns.MeasureAsync(spec, _data, _program, stop).ConfigureAwait(false);
    }

    /// <summary>Starts runs until it is told to stop; those that run then go on. On a thread of its own: disks may be slow.</summary>
    /// <exception cref="Exception">Something unforeseen: it may be called again.</exception>
    public Task RunAsync(CancellationToken stop) => _working =
        Task.Factory.StartNew(() => Work(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Ends the starting of runs; those that run go on.</summary>
    public void Dispose()
    {
        if (_closing.IsCancellationRequested)
            return;
        _closing.Cancel();
        Task.WaitAny(_working);
        _closing.Dispose();
    }

    private static string NameOf(RunRequest request) => $"the data set '{RunDraft.DatasetName(request.Dataset)}' and of the options";

    private (RunFolder Folder, RunSummary Run) Known(string id) =>
        (_store.Folder(id), _store.Find(id)) is ({ } folder, { } run)
            ? (folder, run)
            : throw new InvalidRunException("run", $"There is no run '{id}'.");

    private bool IsTaken(string id) => Directory.Exists(_data.Run(id).Path);

    private Task<RunPlan> PrepareAsync(IReadOnlyList<WantedRun> wanted, CancellationToken stop) =>
        _look.TakeAsync(NameOf(wanted[0].Request), () => RunPlan.Prepare(wanted, _inventory, _store, _time), stop);

    private void Work(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _closing.Token);
        if (MayStart() && Directory.Exists(_data.DryRuns))
            Directory.Delete(_data.DryRuns, recursive: true);
        while (!either.Token.WaitHandle.WaitOne(Pace))
            if (MayStart())
                StartRuns(either.Token);
    }

    private bool MayStart() => _lead?.MayAct() != false;

    /// <summary>For as long as this dashboard leads. Whoever has led before may have left things half done.</summary>
    private void StartRuns(CancellationToken stop)
    {
        using var scheduler = new RunScheduler(_store, _executor, _time, _logger, _stopping.ContainsKey, MayStart);
        FinishStops();
        string? trouble = null;
        do
            try
            {
                scheduler.Round();
                trouble = null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // A shared folder that is away for a moment: the next round tries again. Said once.
                if (trouble != error.Message)
                    _logger.LogWarning(error, "The queue cannot look at its runs and keeps trying: {Reason}", trouble = error.Message);
            }
        while (!stop.WaitHandle.WaitOne(Pace) && MayStart());
    }

    /// <summary>A stop that a former dashboard began and did not live to finish.</summary>
    private void FinishStops()
    {
        foreach (var run in _store.Runs.Where(run => run.State is RunState.Interrupted or RunState.Running))
            if (_store.Folder(run.Spec.Id) is { } folder && StopRequest.Exists(folder))
                _ = FinishStopAsync(folder);
    }

    private async Task FinishStopAsync(RunFolder folder)
    {
        try
        {
            await _stopper.StopAsync(folder).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _logger.LogWarning(error, "The stop of {Run} could not be finished: {Reason}", folder.Id, error.Message);
        }
    }
}
