using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Board;

/// <summary>
/// Ranks evaluations, strictly within one protocol. Of each run the best number counts, not the last; trivial references and published
/// numbers stand between the runs, unranked.
/// </summary>
public static class Leaderboard
{
    public const string Rule = "Each run counts with its best mIoU under the protocol. Ranks hold within one protocol only.";

    /// <param name="className">Sorts by this class's IoU instead of the mIoU.</param>
    /// <param name="twins">How many runs a run stands for, where it is not alone.</param>
    /// <returns>Protocols with runs first.</returns>
    public static IReadOnlyList<LeaderboardGroup> Build(
        IEnumerable<(RunSummary Run, RunEvaluated Evaluation)> evaluations, IEnumerable<PublishedResult> published, string? className = null,
        IReadOnlyDictionary<string, int>? twins = null)
    {
        var measured = evaluations.Select(ToldApart).ToLookup(entry => entry.Evaluation.Protocol.Key);
        var literature = published.ToLookup(result => result.Protocol.Key);
        return
        [
            .. measured.Select(group => group.Key).Union(literature.Select(group => group.Key))
                .OrderBy(key => !measured.Contains(key))
                .ThenBy(key => key, StringComparer.Ordinal)
                .Select(key => BuildGroup(key, [.. measured[key]], literature[key], className, twins)),
        ];
    }

    /// <inheritdoc cref="WorldVariants.ToldApart"/>
    public static (RunSummary Run, RunEvaluated Evaluation) ToldApart((RunSummary Run, RunEvaluated Evaluation) entry) =>
        entry with { Evaluation = WorldVariants.ToldApart(entry.Run.Spec, entry.Evaluation) };

    private static LeaderboardGroup BuildGroup(
        string key, IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> entries, IEnumerable<PublishedResult> published, string? className,
        IReadOnlyDictionary<string, int>? twins)
    {
        var best = entries.Where(entry => !entry.Evaluation.Reference)
            .GroupBy(entry => entry.Run.Spec.Id)
            .Select(run => run.OrderByDescending(entry => Score(entry.Evaluation, className) ?? -1).ThenBy(entry => entry.Evaluation.Seq).First())
            .OrderBy(entry => entry.Run.Spec.Created)
            .ThenBy(entry => entry.Run.Spec.Id, StringComparer.Ordinal)
            .Select(entry =>
                Row(RowKind.Run, entry.Run.Spec.DistinctTitle, entry.Run, entry.Evaluation,
                    className) with { Runs = twins?.GetValueOrDefault(entry.Run.Spec.Id, 1) ?? 1 });
        // Every run measures the same trivial answers on the same images.
        var references = entries.Where(entry => entry.Evaluation.Reference)
            .OrderBy(entry => entry.Run.Spec.Created)
            .DistinctBy(entry => (entry.Evaluation.Row, entry.Evaluation.Miou))
            .Select(entry => Row(RowKind.Reference, entry.Evaluation.Row, entry.Run, entry.Evaluation, className));
        var literature = published
            .Select(result =>
                new LeaderboardRow(null, RowKind.Published, result.Method, result.Miou, className is null ? result.Miou : null, true, result.Protocol,
                    null, null, result));

        // A stable sort: equal scores stay in the order in which they were made.
        var rows = Ranked(best.Concat(references).Concat(literature).OrderByDescending(row => row.Score ?? -1), className is null).ToList();
        var evaluation = entries.Count > 0 ? entries[0].Evaluation : null;
        return new(key, rows[0].Protocol, evaluation?.ClassNames ?? [], rows);
    }

    private static LeaderboardRow Row(RowKind kind, string title, RunSummary run, RunEvaluated evaluation, string? className) =>
        new(null, kind, title, evaluation.Miou, Score(evaluation, className), true, evaluation.Protocol, run, evaluation, null);

    private static double? Score(RunEvaluated evaluation, string? className)
    {
        if (className is null)
            return evaluation.IsMeasured ? evaluation.Miou : null;
        var label = evaluation.ClassNames.ToList().IndexOf(className);
        return label >= 0 && label < evaluation.PerClass.Count && evaluation.PerClass[label] is not double.NaN ? evaluation.PerClass[label] : null;
    }

    private static IEnumerable<LeaderboardRow> Ranked(IEnumerable<LeaderboardRow> sorted, bool intervalsApply)
    {
        var place = 0;
        LeaderboardRow? above = null;
        foreach (var row in sorted)
        {
            if (row.Kind != RowKind.Run)
            {
                yield return row;
                continue;
            }
            place++;
            above = row with
            {
                Rank = row.Score is null ? null : above?.Score == row.Score ? above.Rank : place,
                IsSeparable = !intervalsApply || !Overlaps(above?.Evaluation?.Interval, row.Evaluation?.Interval),
            };
            yield return above;
        }
    }

    private static bool Overlaps(ConfidenceInterval? above, ConfidenceInterval? below) =>
        above is not null && below is not null && below.High >= above.Low;
}
