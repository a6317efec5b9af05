using System.Runtime.CompilerServices;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Log;

/// <summary>Reads a log that is being written. Polls: file notifications do not cross shared folders.</summary>
public static class EventLogFollower
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    /// <summary>An open file may show late what another host adds to it.</summary>
    private static readonly TimeSpan BetweenOpenings = TimeSpan.FromMilliseconds(500);

    /// <summary>Every event after <paramref name="afterSeq"/> once, in order, across restarts of the writer.</summary>
    /// <param name="isOver">
    /// Asked when everything written has been read, with the last event (null: none yet): whether nothing more is expected.
    /// </param>
    /// <param name="time">Null: the system's.</param>
    /// <exception cref="InvalidDataException">A line is damaged, and stays so.</exception>
    public static async IAsyncEnumerable<RunEvent> ReadAsync(string path, long afterSeq, Func<RunEvent?, bool> isOver,
        [EnumeratorCancellation] CancellationToken stop, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        using var reader = new EventLogReader(path);
        RunEvent? last = null;
        var (opened, damaged) = (time.GetTimestamp(), (long?)null);
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
            // Of what another host has just written, a shared folder may show the length before the content.
            damaged = reader.Damage is null || !ReferenceEquals(before, last) ? null : damaged ?? time.GetTimestamp();
            if (damaged is { } since && (over || time.GetElapsedTime(since) >= SharedFolder.Lag))
                throw new InvalidDataException(reader.Damage);
            if (time.GetElapsedTime(opened) >= BetweenOpenings)
            {
                reader.Reopen();
                opened = time.GetTimestamp();
            }
            if (over && ReferenceEquals(before, last))
                yield break;
            if (!over || ReferenceEquals(before, last))
                await Task.Delay(Pace, stop).ConfigureAwait(false);
        }
    }
}
