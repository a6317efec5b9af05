using Dashboard.Backend.Runs;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Board;

/// <summary>What kind of number stands in a row; only runs are ranked.</summary>
public enum RowKind
{
    Run,

    /// <summary>A trivial answer (all background, centre prior) that every number should be seen against.</summary>
    Reference,

    /// <summary>From the literature.</summary>
    Published,
}

/// <summary>One row of the leaderboard.</summary>
/// <param name="Rank">1 for the best; equal scores share a rank; null where the row is not ranked.</param>
/// <param name="Score">What the row is sorted by, 0..1: the mIoU, or one class's IoU; null where that class occurs nowhere.</param>
/// <param name="IsSeparable">False when the bootstrap interval overlaps that of the ranked row above: the order may be chance.</param>
/// <param name="Run">The run that measured it; null for a published number.</param>
/// <param name="Published">Null for a number that was measured here.</param>
public sealed record LeaderboardRow(
    int? Rank, RowKind Kind, string Title, double Miou, double? Score, bool IsSeparable, Protocol Protocol, RunSummary? Run, RunEvaluated? Evaluation,
    PublishedResult? Published)
{
    /// <summary>Finished runs of one key that gave this result.</summary>
    public int Runs { get; init; } = 1;
}

/// <summary>Rows that may be compared: one protocol.</summary>
/// <param name="Key"><see cref="Protocol.Key"/>.</param>
/// <param name="ClassNames">Label names, background first; empty where only published numbers stand.</param>
public sealed record LeaderboardGroup(string Key, Protocol Protocol, IReadOnlyList<string> ClassNames, IReadOnlyList<LeaderboardRow> Rows)
{
    public bool HasRuns => Rows.Any(row => row.Kind != RowKind.Published);
}
