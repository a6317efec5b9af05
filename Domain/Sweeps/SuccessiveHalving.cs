namespace Dashboard.Domain.Sweeps;

/// <summary>
/// Successive halving (Jamieson and Talwalkar, AISTATS 2016), with rungs as in ASHA (Li et al., MLSys 2020), one rung after the other: all points
/// train for few epochs, the best of them for <see cref="Factor"/> times as many, and so on, until the last ones have had them all.
/// </summary>
/// <param name="Factor">η: of so many points one goes on.</param>
public sealed record SuccessiveHalving(int Factor = SuccessiveHalving.UsualFactor)
{
    public const int UsualFactor = 3;

    /// <summary>The epochs of each rung, the last one's being all of them.</summary>
    /// <param name="points">That there are to begin with: as many rungs as leave one point at least.</param>
    /// <param name="epochs">Of a whole training.</param>
    public IReadOnlyList<int> Rungs(int points, int epochs)
    {
        var rungs = new List<int> { epochs };
        for (var left = points; left >= Factor && rungs[0] >= Factor; left /= Factor)
            rungs.Insert(0, rungs[0] / Factor);
        return rungs;
    }

    /// <summary>
    /// Who goes on to the next rung, the best first: one of <see cref="Factor"/>, and at least one. What was not measured stays behind.
    /// </summary>
    /// <param name="scores">By point; null where there is none.</param>
    public IReadOnlyList<int> Promoted(IReadOnlyList<(int Point, double? Score)> scores) =>
        [.. scores.Where(score => score.Score is { } known && double.IsFinite(known))
            .OrderByDescending(score => score.Score).ThenBy(score => score.Point)
            .Take(Math.Max(1, scores.Count / Factor)).Select(score => score.Point)];
}
