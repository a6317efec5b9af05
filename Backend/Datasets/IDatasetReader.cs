namespace Dashboard.Backend.Datasets;

/// <summary>A data set whose lists and tags can be read on in spite of problems, so that a check finds all of them.</summary>
internal interface IDatasetReader : IImageDataset
{
    /// <summary>As <see cref="IImageDataset.Samples"/>, but tells every problem instead of throwing at the first; what cannot be read is left out.</summary>
    IReadOnlyList<Sample> Read(string split, Action<DatasetProblem> report);
}

internal static class DatasetReaderExtensions
{
    /// <summary>The samples of a split, or an exception at the first error. Warnings do not keep anybody from training.</summary>
    public static IReadOnlyList<Sample> ReadOrThrow(this IDatasetReader dataset, string split) => dataset.Read(split, problem =>
    {
        if (problem.Severity == ProblemSeverity.Error)
            throw new DatasetException(problem.ToString());
    });

    public static void RequireSplit(this IImageDataset dataset, string split)
    {
        if (!dataset.Splits.Contains(split))
            throw new DatasetException($"{dataset.Name} ({dataset.Root}) has no split '{split}'. It has: {string.Join(", ", dataset.Splits)}.");
    }
}
