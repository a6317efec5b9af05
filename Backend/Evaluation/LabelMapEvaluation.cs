using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Labels;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>Scores a folder of predicted label maps against a folder of ground truth: PNG files of the same names.</summary>
/// <param name="Miou">0..1, over the labels that occur in truth or prediction.</param>
/// <param name="PerClass">IoU by label, background first; null where a label occurs nowhere.</param>
public sealed record LabelMapEvaluation(
    double Miou, IReadOnlyList<double?> PerClass, DeepLabScores DeepLab, ConfidenceInterval? Interval, int Images, IReadOnlyList<ImageScore> PerImage)
{
    private const int BootstrapSeed = 0;

    /// <summary>What is doubtful about the ground truth, as a sentence; null where nothing is.</summary>
    public string? Warning { get; init; }

    /// <param name="labels">Number of labels, background included: 21 for VOC. Pixels whose true label is 255 are left out.</param>
    /// <param name="only">Identifiers (file names without extension) to score, for example a split's; null for all.</param>
    /// <exception cref="InvalidDataException">
    /// Folders or files that are missing or unreadable, sizes that differ, labels out of range: names every one of them. Nothing is scored then.
    /// </exception>
    public static LabelMapEvaluation Run(string prediction, string truth, int labels, IReadOnlyCollection<string>? only = null,
        CancellationToken stop = default)
    {
        var (predicted, trueMaps) = (LabelMaps(prediction, "prediction"), LabelMaps(truth, "truth"));
        var ids = (only ?? predicted.Keys.Union(trueMaps.Keys)).Order(StringComparer.Ordinal).ToList();
        if (ids.Count == 0)
            throw new InvalidDataException($"Neither {prediction} nor {truth} holds a PNG file.");

        var confusions = new ImageConfusion[ids.Count];
        var problems = new string?[ids.Count];
        var truths = new LabelKinds[ids.Count];
        var coding = LabelCoding.Of(labels - 1);
        Parallel.For(0, ids.Count, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            if (!predicted.TryGetValue(ids[i], out var predictedFile))
                problems[i] = $"{ids[i]}: the prediction is missing: {Path.Combine(prediction, ids[i] + ".png")}";
            else if (!trueMaps.TryGetValue(ids[i], out var trueFile))
                problems[i] = $"{ids[i]}: the ground truth is missing: {Path.Combine(truth, ids[i] + ".png")}";
            else
                (confusions[i], problems[i]) = Compare(predictedFile, trueFile, i);
        });
        if (problems.All(problem => problem is null))
            LabelKinds.Require($"The ground truth in {truth}", ids, truths);
        return Total(ids, confusions, problems, labels) with { Warning = LabelKinds.Doubt(ids, truths) };

        (ImageConfusion, string?) Compare(string predictedFile, string trueFile, int image)
        {
            var matrix = new ConfusionMatrix(labels);
            try
            {
                using var memory = ImageMemory.Shared.Open();
                var trueMap = ImageFile.ReadLabels(trueFile, coding);
                truths[image] = LabelKinds.Of(trueMap);
                matrix.Add(trueMap, ImageFile.ReadLabels(predictedFile, coding));
                return (matrix.ToSparse(), null);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                return (new([]), $"{ids[image]}: {error.Message} ({predictedFile} against {trueFile})");
            }
        }
    }

    /// <summary>Of label maps that have been counted image by image.</summary>
    public static LabelMapEvaluation Of(SplitSweep counted)
    {
        var split = counted.At(null);
        return Total(split.Ids, [.. split.Confusions], [], counted.Labels);
    }

    /// <exception cref="InvalidDataException">There are problems: with all of them.</exception>
    private static LabelMapEvaluation Total(IReadOnlyList<string> ids, ImageConfusion[] confusions, string?[] problems, int labels)
    {
        var found = problems.Where(problem => problem is not null).ToList();
        if (found.Count > 0)
            throw new InvalidDataException(string.Join(Environment.NewLine, found));

        var total = new ConfusionMatrix(labels);
        foreach (var confusion in confusions)
            total.Add(confusion);
        return new(
            total.MeanIou,
            total.PerClassIou,
            DeepLabScores.Of(total),
            BootstrapInterval.OfMeanIou(confusions, labels, BootstrapSeed),
            ids.Count,
            [.. ids.Zip(confusions, (id, confusion) => new ImageScore(id, confusion.MeanIou(labels)))]);
    }

    private static Dictionary<string, string> LabelMaps(string folder, string option)
    {
        if (!Directory.Exists(folder))
            throw new InvalidDataException($"--{option}: there is no folder {folder}.");
        var maps = FolderFiles.Of(folder, ".png").ToLookup(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);
        return maps.FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new InvalidDataException($"--{option}: {string.Join(" and ", twice)} are the label map of one image. Keep one of them.")
            : maps.ToDictionary(map => map.Key, map => map.First());
    }
}
