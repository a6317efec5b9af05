using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>
/// How often a queued run's worker has been started in vain, and when it may be started again. A run that is queued again has a new ticket, and
/// starts from zero here too. Not thread-safe.
/// </summary>
internal sealed class StartTries(TimeProvider time)
{
    /// <summary>Workers that may die before they have begun; then the run has failed.</summary>
    public const int Most = 3;

    /// <summary>After the first; twice as long after each further one.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (QueueTicket Ticket, int Count, long Since)> _tries = new(StringComparer.Ordinal);

    public bool MayStart(string id, QueueTicket ticket) =>
        !_tries.TryGetValue(id, out var tries) || tries.Ticket != ticket
        || (tries.Count < Most && time.GetElapsedTime(tries.Since) >= FirstPause * (1 << (tries.Count - 1)));

    /// <returns>Whether it may be tried again.</returns>
    public bool Failed(string id, QueueTicket ticket)
    {
        var count = _tries.TryGetValue(id, out var tries) && tries.Ticket == ticket ? tries.Count + 1 : 1;
        _tries[id] = (ticket, count, time.GetTimestamp());
        return count < Most;
    }

    /// <summary>This ticket is never used again.</summary>
    public void GiveUp(string id, QueueTicket ticket) => _tries[id] = (ticket, Most, time.GetTimestamp());

    public void Forget(string id) => _tries.Remove(id);
}
