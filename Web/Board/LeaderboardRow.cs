using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Board;

/// <summary>What kind of number stands in a row; only runs are ranked.</summary>
public enum RowKind
{
    Run,

    /// <summary>A trivial answer (all background, centre prior) that every number should be seen against.</summary>
    Reference,
}

/// <summary>One row of the leaderboard.</summary>
/// <param name="Rank">1 for the best; equal scores share a rank; null where the row is not ranked.</param>
/// <param name="Run">The run that measured it.</param>
/// <param name="Score">What the row is sorted by, 0..1: the mIoU, or one class's IoU; null where that class occurs nowhere.</param>
/// <param name="IsSeparable">False when the bootstrap interval overlaps that of the ranked row above: the order may be chance.</param>
public sealed record LeaderboardRow(int? Rank, RowKind Kind, RunSummary Run, RunEvaluated Evaluation, double? Score, bool IsSeparable)
{
    public string Title => Kind == RowKind.Run ? Run.Spec.Name ?? Run.Spec.Id : Evaluation.Row;
}

/// <summary>Rows that may be compared: one protocol.</summary>
/// <param name="Key"><see cref="Protocol.Key"/>.</param>
/// <param name="ClassNames">Label names, background first.</param>
public sealed record LeaderboardGroup(string Key, Protocol Protocol, IReadOnlyList<string> ClassNames, IReadOnlyList<LeaderboardRow> Rows);
