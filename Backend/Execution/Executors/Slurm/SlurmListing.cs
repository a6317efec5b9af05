using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>The jobs of this user, those included that have ended in the last minutes; each task of an array by itself.</summary>
internal sealed class SlurmListing
{
    private readonly Dictionary<string, SlurmLine> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<(string Job, string Mark)> _arrays = [];
    private readonly HashSet<string> _marks = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<(string Run, string Mark), SlurmLine>> _live;

    public SlurmListing(IEnumerable<SlurmLine> lines, DataFolder data)
    {
        foreach (var line in lines)
        {
            _lines[line.Id] = line;
            _arrays.Add((ArrayOf(line.Id), line.Mark));
            _marks.Add(line.Mark);
        }
        _live = new(() => ByRun(data));
    }

    /// <summary>
    /// What is listed of a job; null where Slurm does not know it. Not another one under its number: a controller that was killed counts on from what
    /// it had saved.
    /// </summary>
    public SlurmLine? Find(RunFolder folder, RunJob job) =>
        _lines.GetValueOrDefault(job.Id) is { } line
        && (job.Array is { } array ? line.Mark == array : line.Mark == SlurmJob.Mark(job.Queued) && line.Name == folder.Id)
            ? line
            : null;

    /// <summary>Whether anything is listed of the array that a job is a task of.</summary>
    public bool HasArrayOf(RunJob job) => job.Array is { } array && _arrays.Contains((ArrayOf(job.Id), array));

    /// <summary>Whether a job with that comment is listed.</summary>
    public bool HasMark(string mark) => _marks.Contains(mark);

    /// <summary>The job that waits or runs for a ticket of a run, whose number nobody has lived to write down; null where there is none.</summary>
    public SlurmLine? Live(RunFolder folder, QueueTicket ticket) => _live.Value.GetValueOrDefault((folder.Id, SlurmJob.Mark(ticket.Since)));

    private Dictionary<(string Run, string Mark), SlurmLine> ByRun(DataFolder data)
    {
        var jobs = new Dictionary<(string, string), SlurmLine>();
        var arrays = new Dictionary<string, SlurmArray?>(StringComparer.Ordinal);
        foreach (var line in _lines.Values.Where(line => SlurmJob.EndOf(line.State) is null))
            if (SlurmArray.IndexOf(line.Id) is not { } index)
            {
                jobs[(line.Name, line.Mark)] = line;
            }
            else
            {
                if (!arrays.TryGetValue(line.Mark, out var array))
                    arrays[line.Mark] = array = SlurmArray.Read(data, line.Mark);
                if (index < array?.Tasks.Count)
                    jobs[(Path.GetFileName(array.Tasks[index].Folder), array.Tasks[index].Mark)] = line;
            }
        return jobs;
    }

    private static string ArrayOf(string job) => job.Split('_')[0];
}

/// <summary>A job as squeue lists it.</summary>
/// <param name="Mark">The comment that it was submitted with.</param>
internal sealed record SlurmLine(string Id, string State, string? Node, string Mark, string Name, string? Reason);
