using Dashboard.Backend.Datasets.Check;

namespace Dashboard.Backend.Datasets;

/// <summary>A data set whose lists and tags can be read on in spite of problems, so that a check finds all of them.</summary>
internal interface IDatasetReader : IImageDataset
{
    /// <summary>
    /// As <see cref="IImageDataset.Samples"/>, but tells every problem instead of throwing at the first; what cannot be read is left out.
    /// </summary>
    IReadOnlyList<Sample> Read(string split, Action<DatasetProblem> report);
}

public static class DatasetReaderExtensions
{
    /// <summary>As <see cref="IDatasetReader.Read"/>, for any data set.</summary>
    /// <exception cref="DatasetException">The split is unknown, or a folder or list cannot be read at all.</exception>
    public static IReadOnlyList<Sample> ReadSplit(this IImageDataset dataset, string split, Action<DatasetProblem> report)
    {
        dataset.RequireSplit(split);
        try
        {
            return dataset is IDatasetReader reader ? reader.Read(split, report) : dataset.Samples(split);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, $"The split {split} of {dataset.Root}", "Restore the file, or its permissions.");
        }
    }

    /// <summary>The samples of a split, or an exception at the first error. Warnings do not keep anybody from training.</summary>
    internal static IReadOnlyList<Sample> ReadOrThrow(this IDatasetReader dataset, string split) => dataset.ReadSplit(split, problem =>
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
