using System.Runtime.CompilerServices;
using System.Text.Json;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.SignalR;

namespace Dashboard.Web.Hubs;

/// <summary><c>/hubs/runs</c>: live events for browsers and scripts. Carries numbers and file names; pictures go over HTTP.</summary>
public sealed class RunsHub(IRunStore store) : Hub
{
    /// <summary>Streams that one connection may hold at once: a page overlays eight runs.</summary>
    private const int MaxStreams = 32;

    /// <summary>
    /// The events of a run after <paramref name="afterSeq"/> (0: all), each as one object exactly as it stands in <c>events.jsonl</c>:
    /// first the stored ones, then live ones; ends after the run's last event. A client that comes back names the last <c>seq</c> it has:
    /// nothing is lost and nothing comes twice. A slow client slows its own stream down; nothing piles up on the server, because each
    /// event is read from the log only when the one before it has been sent.
    /// </summary>
    /// <exception cref="HubException">No such run, its log is damaged, or too many streams are open: the message says which.</exception>
    public IAsyncEnumerable<JsonElement> Watch(string runId, long afterSeq, CancellationToken stop)
    {
        if (store.Find(runId) is null)
            throw new HubException($"There is no run '{runId}'. It may have been deleted; the list of runs is at /runs.");
        var open = (StreamCount)(Context.Items[typeof(StreamCount)] ??= new StreamCount());
        if (!open.TryEnter())
            throw new HubException($"This connection already watches {MaxStreams} runs. Close one of its streams, or open another connection.");
        return Events(runId, afterSeq, open, stop);
    }

    private async IAsyncEnumerable<JsonElement> Events(string runId, long afterSeq, StreamCount open, [EnumeratorCancellation] CancellationToken stop)
    {
        using var left = open;
        await using var events = store.Follow(runId, afterSeq, stop).GetAsyncEnumerator(stop);
        while (await MoveNextAsync(events))
            // As the base type: SignalR would write the derived one, without its "type".
            yield return JsonSerializer.SerializeToElement(events.Current, RunJson.Line);
    }

    /// <summary>Passes on why a log cannot be read: SignalR hides all other exceptions' messages from clients.</summary>
    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<RunEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new HubException(error.Message, error);
        }
    }

    /// <summary>The open streams of one connection.</summary>
    private sealed class StreamCount : IDisposable
    {
        private int _open;

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref _open) <= MaxStreams)
                return true;
            Dispose();
            return false;
        }

        /// <summary>One stream has ended.</summary>
        public void Dispose() => Interlocked.Decrement(ref _open);
    }
}
