using System.Globalization;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>Two rows of one protocol beside each other, from the counts of each image in the score files of their runs.</summary>
/// <param name="Protocol">Its key.</param>
/// <param name="Difference">mIoU of <paramref name="A"/> less that of <paramref name="B"/>.</param>
/// <param name="P">Two-sided.</param>
/// <param name="Sentence">For people.</param>
public sealed record RowDifference(string A, string B, string Protocol, double MiouA, double MiouB, double Difference, double Low, double High,
    double Level, double P, bool Separable, string Sentence)
{
    private const int Seed = 0;

    /// <summary>Sums in another order differ by this much at most.</summary>
    private const double Rounding = 1e-9;

    /// <param name="protocol">Under which they are compared, by its key; null: the first that both have been measured under.</param>
    /// <exception cref="InvalidRunException">They have no protocol in common, or no scores for each image: says which and what to do.</exception>
    /// <exception cref="InvalidDataException">A score file is damaged.</exception>
    public static RowDifference Of((RunFolder Run, IReadOnlyList<RunEvaluated> Evaluations) a,
        (RunFolder Run, IReadOnlyList<RunEvaluated> Evaluations) b, string? protocol = null)
    {
        var shared = a.Evaluations.Where(row => IsRow(row) && (protocol is null || row.Protocol.Key == protocol))
            .Select(row => (A: row, B: b.Evaluations.FirstOrDefault(other => IsRow(other) && other.Protocol.Key == row.Protocol.Key)))
                .FirstOrDefault(rows => rows.B is not null);
        if (shared is not { A: { } rowA, B: { } rowB })
            throw new InvalidRunException("b",
                $"b: {a.Run.Id} and {b.Run.Id} have not been measured under one protocol{(protocol is null ? "" : $" '{protocol}'")}: their "
                + "numbers cannot be compared.");
        var (countsA, countsB) = (Counts("a", a.Run, rowA), Counts("b", b.Run, rowB));
        if (!countsA.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(countsB.Keys))
            throw new InvalidRunException("b",
                $"b: {a.Run.Id} and {b.Run.Id} have been measured on other images of the split '{rowA.Protocol.Split}': a paired comparison needs "
                + "the same.");
        string[] ids = [.. countsA.Keys.Order(StringComparer.Ordinal)];
        var paired = PairedBootstrap.OfMeanIou([.. ids.Select(id => countsA[id])], [.. ids.Select(id => countsB[id])], rowA.ClassNames.Count, Seed)
            ?? throw new InvalidRunException("a", $"a: no pixel of {a.Run.Id} was scored.");
        return new(
            a.Run.Id, b.Run.Id, rowA.Protocol.Key, rowA.Miou, rowB.Miou, paired.Difference, paired.Low, paired.High, paired.Level, paired.P,
            paired.IsSeparable,
            Say(a.Run.Id, b.Run.Id, paired, ids.Length));
    }

    private static bool IsRow(RunEvaluated row) => !row.Reference && row.IsMeasured && row.Protocol.MeanOver != Domain.Runs.Protocol.TrueLabels;

    /// <summary>By image. The score files hold one split at most: the one whose mIoU is the row's.</summary>
    private static IReadOnlyDictionary<string, ImageConfusion> Counts(string option, RunFolder run, RunEvaluated row)
    {
        var path = row.Protocol.ThresholdSource == Domain.Runs.Protocol.NoThreshold ? run.LabelMapScores : run.SoftMapScores;
        if (File.Exists(path) && SplitSweepFile.Read(path).At(row.Protocol.Threshold) is var split
            && Math.Abs(split.Total.MeanIou - row.Miou) < Rounding)
            return split.Ids.Zip(split.Confusions)
                .DistinctBy(image => image.First)
                .ToDictionary(image => image.First, image => image.Second, StringComparer.Ordinal);
        throw new InvalidRunException(option,
            $"{option}: {run.Id} has kept no scores of each image under the protocol '{row.Protocol.Key}'. Only a run's main split has them, and "
            + "runs of older versions have none: launch it again.");
    }

    private static string Say(string a, string b, PairedDifference paired, int images)
    {
        var (better, worse) = paired.Difference >= 0 ? (a, b) : (b, a);
        var (low, high) = paired.Difference >= 0 ? (paired.Low, paired.High) : (-paired.High, -paired.Low);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{better} is {100 * Math.Abs(paired.Difference):0.00} points above {worse} on {images} images (95 % interval {100 * low:0.00} to "
            + $"{100 * high:0.00}, {(paired.IsSeparable ? $"p = {paired.P:0.000}" : "not separable")}).");
    }
}
