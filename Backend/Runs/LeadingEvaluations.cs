using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs;

/// <summary>What a leaderboard shows.</summary>
/// <param name="Entries">Of each protocol the best runs, each by its best evaluation, and the trivial references; without sweeps.</param>
/// <param name="Runs">Runs that were measured under a protocol, by its key: the shown ones and the others.</param>
/// <remarks>Finished runs of one key gave one result: they are one entry, and count as one.</remarks>
public sealed record LeadingEvaluations(IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> Entries, IReadOnlyDictionary<string, int> Runs)
{
    /// <summary>How many finished runs an entry's run stands for, by its identifier; without those that stand for themselves alone.</summary>
    public IReadOnlyDictionary<string, int> Twins { get; init; } = new Dictionary<string, int>();
}
