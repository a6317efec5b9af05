namespace Dashboard.Domain.Segmentation;

/// <summary>
/// Scores seeds at many background thresholds while looking at each pixel once: a pixel's best class does not depend on the threshold,
/// only whether it beats the background does. Exactly <see cref="SeedLabels.FromCam"/> at each threshold. Safe to use from several threads.
/// </summary>
public sealed class ThresholdSweep
{
    private const int Bins = 256;

    private readonly float[] _thresholds;
    private readonly int[] _levelOfBin;

    /// <param name="labels">Number of labels, background included.</param>
    /// <param name="thresholds">Ascending, without repetition.</param>
    public ThresholdSweep(int labels, IReadOnlyList<double> thresholds)
    {
        for (var i = 1; i < thresholds.Count; i++)
        {
            if (!(thresholds[i] > thresholds[i - 1]))
                throw new ArgumentException($"Thresholds must ascend: {thresholds[i]} follows {thresholds[i - 1]}.", nameof(thresholds));
        }

        (Labels, Thresholds, _thresholds) = (labels, thresholds, [.. thresholds.Select(threshold => (float)threshold)]);
        _levelOfBin = [.. Enumerable.Range(0, Bins).Select(bin => _thresholds.Count(threshold => threshold < (float)bin / Bins))];
    }

    public int Labels { get; }

    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>step, 2 step, ... below 1, and the thresholds in <paramref name="also"/>.</summary>
    public static IReadOnlyList<double> Steps(double step, params IEnumerable<double> also) =>
        [.. Enumerable.Range(1, (int)Math.Ceiling(1 / step))
            .Select(i => Math.Round(i * step, 9))
            .Where(threshold => threshold < 1)
            .Concat(also)
            .Distinct()
            .Order()];

    /// <summary>One image at all thresholds.</summary>
    /// <param name="maps"><c>[classes, Height, Width]</c>.</param>
    /// <param name="classes">The class of each map, 0-based.</param>
    /// <exception cref="ArgumentException">Maps and truth differ in size, or a class or a true label is outside the label set.</exception>
    public ImageSweep Score(ReadOnlySpan<float> maps, IReadOnlyList<int> classes, LabelMap truth)
    {
        var pixels = truth.Labels.Length;
        if (maps.Length != (long)classes.Count * pixels)
            throw new ArgumentException(
                $"{classes.Count} maps of {truth.Width}x{truth.Height} need {(long)classes.Count * pixels} values, not {maps.Length}.", nameof(maps));
        if (classes.Any(k => k < 0 || k + 1 >= Labels))
            throw new ArgumentException($"A map is of class {classes.First(k => k < 0 || k + 1 >= Labels)}; legal are 0 to {Labels - 2}.",
                nameof(classes));

        // counts[truth, map, level]: pixels whose best map is above exactly `level` thresholds. Level 0 is background at every threshold.
        var levels = _thresholds.Length + 1;
        var mapCount = classes.Count;
        var columns = Math.Max(1, mapCount);
        var counts = new int[Labels * columns * levels];
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            var label = truth.Labels[pixel];
            if (label == LabelMap.Ignore)
                continue;
            if (label >= Labels)
                throw new ArgumentException(
                    $"The ground truth has label {label} at x {pixel % truth.Width}, y {pixel / truth.Width}; legal are 0 to {Labels - 1}.",
                    nameof(truth));
            var (best, value) = (0, float.NegativeInfinity);
            for (var k = 0; k < mapCount; k++)
            {
                var candidate = maps[k * pixels + pixel];
                if (candidate > value)
                    (best, value) = (k, candidate);
            }

            counts[(label * columns + best) * levels + ThresholdsBelow(value)]++;
        }

        return new(Collect(counts, columns, levels, classes));
    }

    private static IReadOnlyList<SweepCell> Collect(int[] counts, int columns, int levels, IReadOnlyList<int> classes)
    {
        var cells = new List<SweepCell>();
        for (var index = 0; index < counts.Length; index++)
        {
            if (counts[index] == 0)
                continue;
            var (row, level) = Math.DivRem(index, levels);
            var (label, column) = Math.DivRem(row, columns);
            cells.Add(new((byte)label, (byte)(level == 0 ? LabelMap.Background : classes[column] + 1), level, counts[index]));
        }

        return cells;
    }

    /// <summary>Number of thresholds that a value is above. The table leaves few to compare with.</summary>
    private int ThresholdsBelow(float value)
    {
        var level = _levelOfBin[Math.Clamp((int)(value * Bins), 0, Bins - 1)];
        while (level < _thresholds.Length && value > _thresholds[level])
            level++;
        return level;
    }
}

/// <summary>Pixels with a true label whose best class beats the first <paramref name="Level"/> thresholds.</summary>
public readonly record struct SweepCell(byte Truth, byte Best, int Level, int Count);

/// <summary>One image's confusion counts at every threshold of a sweep.</summary>
public sealed class ImageSweep(IReadOnlyList<SweepCell> cells)
{
    /// <summary>The counts that are not zero.</summary>
    public IReadOnlyList<SweepCell> Cells { get; } = cells;

    /// <summary>
    /// For labels that need no threshold: as a sweep with a single threshold that all foreground beats. Ask for threshold number 0.
    /// </summary>
    public static ImageSweep Of(ImageConfusion confusion) =>
        new([.. confusion.Cells.Select(cell =>
            new SweepCell(cell.Truth, cell.Prediction, cell.Prediction == LabelMap.Background ? 0 : 1, (int)cell.Count))]);

    /// <summary>The confusion at the sweep's threshold number <paramref name="threshold"/>.</summary>
    public ImageConfusion At(int threshold) => new([.. Cells
        .GroupBy(cell => (cell.Truth, Prediction: PredictionAt(cell, threshold)))
        .Select(group => new ConfusionCell(group.Key.Truth, group.Key.Prediction, group.Sum(cell => (long)cell.Count)))]);

    /// <summary>The same, added to <paramref name="matrix"/>.</summary>
    public void AddTo(ConfusionMatrix matrix, int threshold)
    {
        foreach (var cell in Cells)
            matrix.Add(cell.Truth, PredictionAt(cell, threshold), cell.Count);
    }

    private static byte PredictionAt(SweepCell cell, int threshold) => cell.Level > threshold ? cell.Best : LabelMap.Background;
}
