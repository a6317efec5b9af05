using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Board;

/// <summary>By how much one run is better than another on the same images.</summary>
public static class PairedRows
{
    /// <summary>Reads the scores of every image: for a thread of its own.</summary>
    /// <param name="protocol">Its key; null: the first that both have been measured under.</param>
    /// <returns>Null where one of the runs is gone.</returns>
    /// <exception cref="InvalidRunException">They cannot be compared: says why and what to do.</exception>
    /// <exception cref="InvalidDataException">A score file is damaged.</exception>
    public static RowDifference? Difference(IRunStore store, string a, string b, string? protocol) =>
        (store.Folder(a), store.Folder(b)) is ({ } first, { } second)
            ? RowDifference.Of((first, Measured(store, a)), (second, Measured(store, b)), protocol)
            : null;

    // As the leaderboard shows them: worlds of other seeds are told apart.
    private static IReadOnlyList<RunEvaluated> Measured(IRunStore store, string id) =>
        store.Find(id) is { } run ? [.. store.EvaluationsOf(id).Select(evaluated => Leaderboard.ToldApart((run, evaluated)).Evaluation)] : [];
}
