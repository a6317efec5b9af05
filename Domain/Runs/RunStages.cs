namespace Dashboard.Domain.Runs;

/// <summary>What a worker does before its method counts steps of its own: stages of <see cref="RunProgress"/> without steps.</summary>
public static class RunStages
{
    /// <summary>The data set is opened; a generated one is made.</summary>
    public const string Data = "preparing the data";

    /// <summary>The network is built, and weights are read.</summary>
    public const string Network = "loading the network";

    public static RunProgress Progress(string stage) => new(stage, 0, 0, 0, 0, null, null);
}
