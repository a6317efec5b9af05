using System.Collections.Concurrent;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Check;

/// <summary>What a check has found.</summary>
/// <param name="Problems">
/// Errors first, then by file. Of one kind at most <see cref="DatasetCheck.MostOfAKind"/>, then one that says how many more there are.
/// </param>
/// <param name="Splits">One row a split.</param>
/// <param name="Notes">How the folder was read, where that is not obvious.</param>
public sealed record DatasetReport(
    string Name,
    string Root,
    IReadOnlyList<string> ClassNames,
    IReadOnlyList<DatasetProblem> Problems,
    IReadOnlyList<SplitCounts> Splits,
    IReadOnlyList<string> Notes)
{
    public int Errors => Problems.Count(problem => problem.Severity == ProblemSeverity.Error);
    public int Warnings => Problems.Count(problem => problem.Severity == ProblemSeverity.Warning);
}

/// <summary>How many images a split has.</summary>
/// <param name="Masks">Images with ground truth.</param>
/// <param name="PerClass">Images that are tagged with each class.</param>
public sealed record SplitCounts(string Split, int Images, int Masks, IReadOnlyList<int> PerClass);

/// <summary>Looks at every list, tag, image and mask of a data set, and reports everything that is wrong, not the first thing.</summary>
public static class DatasetCheck
{
    /// <summary>Problems with the same remedy that are listed one by one.</summary>
    public const int MostOfAKind = 1000;

    /// <summary>Decodes every image and mask, on all cores. A folder that is not a data set is a problem too, not an exception.</summary>
    /// <exception cref="OperationCanceledException">The check was stopped.</exception>
    public static DatasetReport Run(string path, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            return Run(DatasetCatalog.OpenFolder(path), progress, cancellation);
        }
        catch (DatasetException error)
        {
            return new(Path.GetFileName(Path.TrimEndingDirectorySeparator(path)), path, [],
                [DatasetProblem.Error(path, "is not a data set", error.Message)], [], []);
        }
    }

    /// <summary>Decodes every image and mask, on all cores.</summary>
    /// <exception cref="OperationCanceledException">The check was stopped.</exception>
    public static DatasetReport Run(IImageDataset dataset, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var problems = new ConcurrentBag<DatasetProblem>();
        var counts = new List<SplitCounts>();
        // Splits overlap (train is part of train_aug): a file is opened once.
        var samples = new Dictionary<(string Image, string? Mask), Sample>();
        foreach (var split in dataset.Splits)
        {
            var read = ReadOrReport(dataset, split, problems.Add);
            counts.Add(new(split, read.Count, read.Count(sample => sample.MaskPath is not null), CountClasses(read, dataset.Classes.Count)));
            CheckList(dataset, split, read, problems.Add);
            foreach (var sample in read)
                samples[(sample.ImagePath, sample.MaskPath)] = sample;
        }

        var images = samples.Values.ToArray();
        var done = 0;
        var findings = new ImageFindings();
        Parallel.ForEach(images, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            sample =>
        {
            CheckSample(sample, dataset, findings, problems.Add);
            var finished = Interlocked.Increment(ref done);
            if (finished % 32 == 0 || finished == images.Length)
                progress?.Report(new("images", finished, images.Length));
        });

        findings.Report(problems.Add);
        return new(dataset.Name, dataset.Root, dataset.Classes.Names, Sorted(problems, dataset.Root), counts, dataset.Notes);
    }

    private static IReadOnlyList<DatasetProblem> Sorted(IEnumerable<DatasetProblem> problems, string root)
    {
        var kinds = problems.Distinct()
            .OrderBy(problem => problem.File, StringComparer.Ordinal)
            .ThenBy(problem => problem.Message, StringComparer.Ordinal)
            .GroupBy(problem => (problem.Severity, problem.Remedy));
        return
        [
            .. kinds.SelectMany(kind => Bounded([.. kind], root))
                .OrderByDescending(problem => problem.Severity)
                .ThenBy(problem => problem.File, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<DatasetProblem> Bounded(IReadOnlyList<DatasetProblem> kind, string root) => kind.Count <= MostOfAKind
        ? kind
        : [.. kind.Take(MostOfAKind), new(kind[0].Severity, root,
            $"has {kind.Count - MostOfAKind:N0} more problems like this one: {kind[0].File} {kind[0].Message}", kind[0].Remedy)];

    private static IReadOnlyList<Sample> ReadOrReport(IImageDataset dataset, string split, Action<DatasetProblem> report)
    {
        try
        {
            return dataset.ReadSplit(split, report);
        }
        catch (DatasetException error)
        {
            report(DatasetProblem.Error(dataset.Root, $"the split {split} cannot be read", error.Message));
            return [];
        }
    }

    private static void CheckList(IImageDataset dataset, string split, IReadOnlyList<Sample> samples, Action<DatasetProblem> report)
    {
        if (samples.Count == 0)
            report(DatasetProblem.Warning(dataset.Root, $"the split {split} has no images", "Fill its list, or delete it."));
        foreach (var same in samples.GroupBy(sample => sample.Id).Where(same => same.Count() > 1))
            report(DatasetProblem.Error(same.First().ImagePath, $"is listed {same.Count()} times in the split {split}", "Keep one line."));
        if (samples.Count > 0 && samples.All(sample => sample.Tags.Count == 0))
            report(DatasetProblem.Warning(dataset.Root, $"no image of the split {split} has tags",
                "It can be segmented, but neither trained on nor scored."));
        else
        {
            foreach (var sample in samples.Where(sample => sample.Tags.Count == 0))
                report(DatasetProblem.Warning(sample.ImagePath, "has no tags",
                    "Check them; training learns that no class is present, and no CAM is made."));
        }
        // A split without any mask has none on purpose; one with some lacks the others, unless the masks are another split's.
        if (samples.Any(sample => sample.MaskPath is not null) && (dataset as VocFolder)?.MaskNote(split) is null)
        {
            foreach (var sample in samples.Where(sample => sample.MaskPath is null))
                report(DatasetProblem.Error(sample.ImagePath, $"has no mask, but other images of the split {split} have one",
                    "Add the mask, or put the images that have one into a split of their own."));
        }
    }

    private static void CheckSample(Sample sample, IImageDataset dataset, ImageFindings findings, Action<DatasetProblem> report)
    {
        using var memory = ImageMemory.Shared.Open();
        var image = SampleFile.TryRead(
            sample.ImagePath, () => ImageFile.ReadRgb(sample.ImagePath, info => findings.Add(sample, info)),
            error => DatasetProblem.OfImage(sample, error), report);
        if (image is not null)
            findings.AddLevels(sample, image);
        if (sample.MaskPath is null
            || SampleFile.TryRead(sample.MaskPath, sample.ReadLabels, error => DatasetProblem.OfMask(sample, error), report) is not { } mask)
            return;
        findings.AddMask(sample.MaskPath, mask);
        if (image is not null && (image.Width, image.Height) != (mask.Width, mask.Height))
            report(DatasetProblem.Error(sample.MaskPath,
                $"{(sample.Drawn is null ? "is" : $"gives {sample.Id}")} {mask.Width}x{mask.Height}, but its image is {image.Width}x{image.Height}",
                "Make the mask again at the image's size."));
        CheckLabels(sample, mask, dataset, report);
    }

    private static void CheckLabels(Sample sample, LabelMap mask, IImageDataset dataset, Action<DatasetProblem> report)
    {
        var isPresent = new bool[256];
        foreach (var label in mask.Labels)
            isPresent[label] = true;
        var present = Enumerable.Range(0, 256).Where(label => isPresent[label] && label != LabelMap.Background && label != LabelMap.Ignore).ToArray();
        var outside = present.Where(label => label > dataset.Classes.Count).ToArray();
        if (outside.Length > 0)
            report(DatasetProblem.Error(sample.MaskPath!,
                $"has the labels {string.Join(", ", outside)}{Where(sample)}, but classes go from 1 to {dataset.Classes.Count}",
                "Correct the mask, or list all classes."));

        string Names(IEnumerable<int> classes) => string.Join(", ", classes.Select(number => dataset.Classes.Names[number]));
        var masked = present.Where(label => label <= dataset.Classes.Count).Select(label => label - 1).ToArray();
        if (masked.Except(sample.Tags).ToArray() is { Length: > 0 } untagged)
            report(DatasetProblem.Warning(sample.MaskPath!, $"shows {Names(untagged)}{Where(sample)}, which the tags do not name",
                "Check the tags."));
        if (sample.Tags.Except(masked).ToArray() is { Length: > 0 } unseen)
            report(DatasetProblem.Warning(sample.MaskPath!, $"does not show {Names(unseen)}{Where(sample)}, which the tags name",
                "Check the tags; an object may also lie under the void label."));
    }

    /// <summary>One file holds all drawn masks of a split.</summary>
    private static string Where(Sample sample) => sample.Drawn is null ? "" : $" in {sample.Id}";

    private static IReadOnlyList<int> CountClasses(IReadOnlyList<Sample> samples, int classes)
    {
        var counts = new int[classes];
        foreach (var tag in samples.SelectMany(sample => sample.Tags))
            counts[tag]++;
        return counts;
    }
}
