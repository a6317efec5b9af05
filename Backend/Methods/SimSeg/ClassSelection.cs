using Dashboard.Domain.Methods.TextImage;


namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Which classes an image shows, by their scores alone (section 3.4 of the paper).</summary>
/// <param name="Ranking">Every row, the best score first; among equals the first row.</param>
/// <param name="TopCount">How many of them make <paramref name="Mean"/> and <paramref name="Deviation"/>.</param>
/// <param name="Mean">μ of the top scores.</param>
/// <param name="Deviation">σ of the top scores, over n - 1; 0 for a single one, where the authors' code has NaN.</param>
/// <param name="Threshold">μ + factor · σ.</param>
/// <param name="Candidates">The rows that may make a mask, the best first, without the background.</param>
/// <param name="Selected">Those of the candidates that reach the threshold.</param>
public sealed record ClassSelection(
    IReadOnlyList<int> Ranking, int TopCount, double Mean, double Deviation, double Threshold, IReadOnlyList<int> Candidates,
    IReadOnlyList<int> Selected)
{
    /// <param name="scores">a_c, one a row.</param>
    /// <param name="hasBackground">Whether row 0 is the background, which takes a candidate's place but is not one.</param>
    public static ClassSelection Of(IReadOnlyList<float> scores, bool hasBackground, ZeroShotOptions options)
    {
        int[] ranking = [.. Enumerable.Range(0, scores.Count).OrderByDescending(row => scores[row])];
        var count = Math.Clamp(options.TopClasses > 0 ? options.TopClasses : (scores.Count + 1) / 2, 1, scores.Count);
        var top = ranking.Take(count).Select(row => (double)scores[row]).ToArray();

        var mean = top.Average();
        var deviation = count > 1 ? Math.Sqrt(top.Sum(score => (score - mean) * (score - mean)) / (count - 1)) : 0;
        var threshold = mean + options.ThresholdFactor * deviation;

        // The authors' loop runs over the top classes, so there are never more candidates than these.
        int[] candidates = [.. ranking.Take(Math.Min(options.Candidates, count)).Where(row => row > 0 || !hasBackground)];
        int[] selected = [.. candidates.TakeWhile(row => scores[row] >= threshold)];
        if (selected.Length == 0 && options.BestAlways)
            selected = [.. candidates.Take(1)];
        return new(ranking, count, mean, deviation, threshold, candidates, selected);
    }
}
