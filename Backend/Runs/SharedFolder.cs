namespace Dashboard.Backend.Runs;

/// <summary>What has to be expected of a data folder that several hosts share over a network.</summary>
public static class SharedFolder
{
    /// <summary>
    /// What one host does shows on another within this time, one file after the other in any order: a lock may be gone before the last event is
    /// there. Nothing that cannot be taken back is done before. With a look at a cluster's queue every 3 s, a state is true within ten.
    /// </summary>
    public static readonly TimeSpan Lag = TimeSpan.FromSeconds(7);
}
