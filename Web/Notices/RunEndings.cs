using System.Collections.Concurrent;
using System.Threading.Channels;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Notices;

/// <summary>Tells when a run ends: finished, failed, or with a worker that is gone. A stop by a person is no news to anybody.</summary>
public sealed class RunEndings(IRunStore store, TimeProvider time, ILogger<RunEndings> log)
{
    private const int Kept = 20;

    /// <summary>A run that is being stopped looks interrupted until its last word is written.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<Action<RunEnding>, bool> _subscribers = new();
    private readonly HashSet<string> _live = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _doubted = new(StringComparer.Ordinal);
    private IReadOnlyList<RunEnding>? _recent;

    /// <summary>The last ones, newest first; after a start of the dashboard those that the index knows.</summary>
    public IReadOnlyList<RunEnding> Recent => _recent ??= [.. store.Page(new RunFilter(Sort: RunSort.Ended), 0, Kept).Runs
        .Where(run => run.Ended is not null && IsNews(run.State)).Select(run => RunEnding.Of(run, run.Ended!.Value, queueIsEmpty: false))];

    /// <summary>Called on a thread of its own choice; dispose to stop.</summary>
    public IDisposable Subscribe(Action<RunEnding> onEnded)
    {
        _subscribers[onEnded] = true;
        return new Subscription(() => _subscribers.TryRemove(onEnded, out _));
    }

    /// <summary>Watches all runs until it is told to stop.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        var changed = Channel.CreateUnbounded<string>(new() { SingleReader = true });
        using var changes = store.Subscribe(id => changed.Writer.TryWrite(id));
        _live.UnionWith(store.Live.Select(run => run.Spec.Id));
        await foreach (var id in changed.Reader.ReadAllAsync(stop))
            Look(id, changed.Writer, stop);
    }

    private void Look(string id, ChannelWriter<string> again, CancellationToken stop)
    {
        if (store.Find(id) is not { } run)
        {
            _live.Remove(id);
            return;
        }
        if (run.State is RunState.Running or RunState.Queued)
        {
            _live.Add(id);
            return;
        }
        if (!_live.Contains(id))
            return;
        if (run.State == RunState.Interrupted && time.GetElapsedTime(Doubted(id)) < Doubt)
        {
            _ = LookLaterAsync(id, again, stop);
            return;
        }
        _doubted.Remove(id);
        _live.Remove(id);
        if (IsNews(run.State))
            Tell(RunEnding.Of(run, time.GetUtcNow(), queueIsEmpty: store.Live.Count == 0));
    }

    /// <summary>Since when a run has looked interrupted.</summary>
    private long Doubted(string id)
    {
        if (!_doubted.TryGetValue(id, out var since))
            _doubted[id] = since = time.GetTimestamp();
        return since;
    }

    private async Task LookLaterAsync(string id, ChannelWriter<string> again, CancellationToken stop)
    {
        await Task.Delay(Doubt, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        again.TryWrite(id);
    }

    private void Tell(RunEnding ending)
    {
        _recent = [ending, .. Recent.Where(other => other.Id != ending.Id).Take(Kept - 1)];
        foreach (var subscriber in _subscribers.Keys)
            try
            {
                subscriber(ending);
            }
            catch (Exception error)
            {
                // One subscriber's fault (a circuit that is just closing) is not the others'.
                log.LogWarning(error, "A subscriber failed on the end of run {Id}.", ending.Id);
            }
    }

    private static bool IsNews(RunState state) => state is RunState.Finished or RunState.Failed or RunState.Interrupted;

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
