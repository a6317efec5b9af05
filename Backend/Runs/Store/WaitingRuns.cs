using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Store;

/// <summary>
/// Tells which of the runs that wait for a worker have to be read again. Whatever begins one, or takes it from the queue, changes its folder's own
/// time; a few folders are looked at in one go, so that the cost does not grow with the length of the queue. Not thread-safe.
/// </summary>
internal sealed class WaitingRuns
{
    /// <summary>Looked at in one go: with fewer, all of them every time.</summary>
    private const int AtOnce = 40;

    /// <summary>
    /// Looks after which a run is read again in any case: a launcher may die without a trace, and some file systems keep no such times.
    /// </summary>
    private const int InAnyCase = 25;

    private readonly Dictionary<string, (DateTime Written, int Looks)> _looked = new(StringComparer.Ordinal);
    private Queue<RunEntry> _round = new();

    /// <param name="queued">All runs that wait.</param>
    public IReadOnlyList<RunEntry> NextTouched(IReadOnlyList<RunEntry> queued)
    {
        if (_round.Count == 0)
        {
            _round = new(queued);
            foreach (var gone in _looked.Keys.Except(_round.Select(entry => entry.Folder.Id)).ToList())
                _looked.Remove(gone);
        }
        List<RunEntry> touched = [];
        for (var looked = 0; looked < AtOnce && _round.TryDequeue(out var entry); looked++)
            if (IsTouched(entry))
                touched.Add(entry);
        return touched;
    }

    private bool IsTouched(RunEntry entry)
    {
        // Read first: what changes after it is seen the next time.
        var written = Directory.GetLastWriteTimeUtc(entry.Folder.Path);
        var known = _looked.TryGetValue(entry.Folder.Id, out var last) && last.Written == written && last.Looks < InAnyCase;
        _looked[entry.Folder.Id] = (written, known ? last.Looks + 1 : 0);
        return !known;
    }
}
