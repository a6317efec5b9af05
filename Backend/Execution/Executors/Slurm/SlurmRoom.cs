namespace Dashboard.Backend.Execution.Executors.Slurm;

/// <summary>
/// How many runs Slurm is given at once. It limits the tasks of an array, the jobs of a user and the jobs of all, and says only that a limit was met:
/// then half as many are tried; and where not even one is taken, after a while.
/// </summary>
internal sealed class SlurmRoom(TimeProvider time)
{
    /// <summary>Slurm's own limit, where its configuration sets no other.</summary>
    private const int Most = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long? _refused;

    public int AtOnce { get; private set; } = Most;

    /// <summary>False for a while after a job has been refused.</summary>
    public bool MayTry => _refused is not { } at || time.GetElapsedTime(at) >= Pause;

    public void Taken(int runs)
    {
        _refused = null;
        if (runs == AtOnce)
            AtOnce = Math.Min(2 * AtOnce, Most);
    }

    public void Refused(int runs)
    {
        AtOnce = Math.Max(1, runs / 2);
        if (runs == 1)
            _refused = time.GetTimestamp();
    }
}
