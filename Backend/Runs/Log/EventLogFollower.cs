using System.Runtime.CompilerServices;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Log;

/// <summary>Reads a log that is being written. Polls: file notifications do not cross shared folders.</summary>
public static class EventLogFollower
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <summary>Every event after <paramref name="afterSeq"/> once, in order, across restarts of the writer.</summary>
    /// <param name="isOver">
    /// Asked when everything written has been read, with the last event (null: none yet): whether nothing more is expected.
    /// </param>
    public static async IAsyncEnumerable<RunEvent> ReadAsync(string path, long afterSeq, Func<RunEvent?, bool> isOver,
        [EnumeratorCancellation] CancellationToken stop)
    {
        using var reader = new EventLogReader(path);
        RunEvent? last = null;
        while (true)
        {
            // Asked before reading: what is written between reading and asking must not be missed.
            var over = isOver(last);
            var before = last;
            foreach (var next in reader.ReadNew())
            {
                last = next;
                if (next.Seq > afterSeq)
                    yield return next;
                stop.ThrowIfCancellationRequested();
            }
            if (reader.Damage is { } damage)
                throw new InvalidDataException(damage);
            if (over && ReferenceEquals(before, last))
                yield break;
            if (!over || ReferenceEquals(before, last))
                await Task.Delay(Pace, stop).ConfigureAwait(false);
        }
    }
}
