using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Board;

/// <summary>Ranks evaluations, strictly inside one protocol. Of each run the best number counts (not the last); trivial references stand between, unranked.</summary>
public static class Leaderboard
{
    public const string Rule = "Of each run the best mIoU under the protocol counts. Ranks hold inside one protocol only.";

    /// <param name="className">Sorts by this class's IoU instead of the mIoU.</param>
    public static IReadOnlyList<LeaderboardGroup> Build(IEnumerable<(RunSummary Run, RunEvaluated Evaluation)> evaluations, string? className = null) =>
    [
        .. evaluations
            .GroupBy(entry => entry.Evaluation.Protocol.Key)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => BuildGroup(group.Key, [.. group], className)),
    ];

    private static LeaderboardGroup BuildGroup(string key, IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> entries, string? className)
    {
        double? Score(RunEvaluated evaluation)
        {
            var label = className is null ? -1 : evaluation.ClassNames.ToList().IndexOf(className);
            return label < 0 ? className is null ? evaluation.Miou : null : evaluation.PerClass[label];
        }

        var best = entries.Where(entry => !entry.Evaluation.Reference)
            .GroupBy(entry => entry.Run.Spec.Id)
            .Select(run => run.OrderByDescending(entry => Score(entry.Evaluation) ?? -1).ThenBy(entry => entry.Evaluation.Seq).First());
        // Every run measures the same trivial answers on the same images.
        var references = entries.Where(entry => entry.Evaluation.Reference)
            .OrderBy(entry => entry.Run.Spec.Created)
            .DistinctBy(entry => (entry.Evaluation.Row, entry.Evaluation.Miou));
        var sorted = best.Concat(references)
            .OrderByDescending(entry => Score(entry.Evaluation) ?? -1)
            .ThenBy(entry => entry.Run.Spec.Created)
            .ThenBy(entry => entry.Run.Spec.Id, StringComparer.Ordinal);

        var rows = new List<LeaderboardRow>();
        LeaderboardRow? above = null;
        foreach (var (run, evaluation) in sorted)
        {
            if (evaluation.Reference)
            {
                rows.Add(new(null, RowKind.Reference, run, evaluation, Score(evaluation), IsSeparable: true));
                continue;
            }
            var score = Score(evaluation);
            var ranked = rows.Count(row => row.Kind == RowKind.Run);
            int? rank = score is null ? null : above is not null && above.Score == score ? above.Rank : ranked + 1;
            above = new(rank, RowKind.Run, run, evaluation, score, className is not null || !Overlaps(above?.Evaluation.Interval, evaluation.Interval));
            rows.Add(above);
        }
        return new(key, entries[0].Evaluation.Protocol, entries[0].Evaluation.ClassNames, rows);
    }

    private static bool Overlaps(ConfidenceInterval? above, ConfidenceInterval? below) =>
        above is not null && below is not null && below.High >= above.Low;
}
