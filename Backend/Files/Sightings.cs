using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Dashboard.Backend.Files;

/// <summary>
/// How long this process has watched something that others renew without seeing it change. Only its own clock counts: those of other hosts, and of
/// the file server, may be minutes away.
/// </summary>
internal sealed class Sightings(TimeProvider time)
{
    /// <summary>One memory for each clock: that of the system is the process's.</summary>
    private static readonly ConditionalWeakTable<TimeProvider, Sightings> All = [];

    private readonly ConcurrentDictionary<string, Sighting> _seen = new(StringComparer.Ordinal);

    public static Sightings By(TimeProvider time) => All.GetValue(time, clock => new(clock));

    /// <param name="sign">Another one whenever it has been renewed.</param>
    /// <param name="mostBetweenLooks">
    /// Counted at most for the time between two looks: while nobody looked (this process was stopped, the disk did not answer), it may have been
    /// renewed.
    /// </param>
    /// <returns>Zero at the first look, and whenever the sign has changed.</returns>
    public TimeSpan Silence(string path, string sign, TimeSpan mostBetweenLooks)
    {
        var now = time.GetTimestamp();
        return _seen.AddOrUpdate(path, _ => new(sign, TimeSpan.Zero, now), (_, last) => last.Sign != sign ? new(sign, TimeSpan.Zero, now)
            : last with { Silence = last.Silence + Least(time.GetElapsedTime(last.At, now), mostBetweenLooks), At = now }).Silence;
    }

    public void Forget(string path) => _seen.TryRemove(path, out _);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <param name="At">Of the last look.</param>
    private sealed record Sighting(string Sign, TimeSpan Silence, long At);
}
