using Dashboard.Backend.Files;

namespace Dashboard.Backend.Runs;

/// <summary>The folder that everything is written to: DATA in the documentation.</summary>
public sealed class DataFolder(string path)
{
    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>One folder a run. A run that lies elsewhere stands here as a symbolic link, so that scanning this folder finds every run.</summary>
    public string Runs => System.IO.Path.Combine(Path, "runs");

    /// <summary>One file a launch of a pipeline.</summary>
    public string Pipelines => System.IO.Path.Combine(Path, "pipelines");

    /// <summary>One file a launch of a sweep.</summary>
    public string Sweeps => System.IO.Path.Combine(Path, "sweeps");

    /// <summary>The index of all runs; may be deleted at any time while nothing runs.</summary>
    public string Index => System.IO.Path.Combine(Path, "index.db");

    /// <summary>Where the leading dashboard starts runs, for the others.</summary>
    public string Executor => System.IO.Path.Combine(Path, "executor.json");

    /// <summary>One file a job array of Slurm: the runs that it executes.</summary>
    public string JobArrays => System.IO.Path.Combine(Path, "job-arrays");

    /// <summary>Where dry runs happen; empty in between.</summary>
    public string DryRuns => System.IO.Path.Combine(Path, "dry-runs");

    /// <summary>What can be computed again, one folder a run; may be deleted at any time.</summary>
    public string Cache => System.IO.Path.Combine(Path, "cache");

    /// <summary>What the dashboard and failed commands have to say for whoever looks for a fault.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    public RunFolder Run(string id) => new(System.IO.Path.Combine(Runs, id));

    /// <summary>Makes a run that lies elsewhere known under its identifier.</summary>
    /// <exception cref="IOException">The link cannot be made.</exception>
    public void Register(string id, RunFolder elsewhere)
    {
        Directory.CreateDirectory(Runs);
        Directory.CreateSymbolicLink(Run(id).Path, elsewhere.Path);
    }

    /// <summary>Deletes a run's folder; of a run that lies elsewhere only the link, for its folder was chosen by the user.</summary>
    public void Delete(RunFolder folder)
    {
        if (System.IO.Path.Combine(Cache, folder.Id) is var cached && Directory.Exists(cached))
            Directory.Delete(cached, recursive: true);
        if (new DirectoryInfo(folder.Path).LinkTarget is not null)
        {
            File.Delete(folder.Path);
            return;
        }
        // Renamed first: a run is there as a whole or not at all.
        var aside = System.IO.Path.Combine(Runs, ".deleted-" + folder.Id);
        Directory.Move(folder.Path, aside);
        Directory.Delete(aside, recursive: true);
    }

    /// <summary>Taken by the dashboard that leads on this folder, for as long as it does; null where another one leads.</summary>
    /// <param name="length">As in <see cref="Lease.TryTake"/>.</param>
    /// <inheritdoc cref="Lease.TryTake" path="/exception"/>
    public Lease? TryLead(TimeSpan length, TimeProvider time)
    {
        Directory.CreateDirectory(Path);
        return Lease.TryTake(Path, Dashboard, length, endsWithProcess: false, time);
    }

    /// <summary>The dashboard that leads on this folder: it starts what is queued. Null where none does.</summary>
    public LeaseHolder? Leader(TimeProvider time) => Lease.HolderOf(Path, Dashboard, endsWithProcess: false, time);

    /// <inheritdoc cref="Lease.WatchAsync"/>
    public Task<LeaseHolder?> WatchLeaderAsync(TimeProvider time, CancellationToken stop) =>
        Lease.WatchAsync(Path, Dashboard, endsWithProcess: false, time, stop);

    private const string Dashboard = "dashboard";
}
