using Dashboard.Backend.Datasets;
using Dashboard.Domain.Methods.Import;

namespace Dashboard.Backend.Methods.Import;

/// <summary>What is wrong with the files of an import, the first of them by name.</summary>
internal static class ImportFaults
{
    private const int Named = 10;

    /// <param name="what">"label map".</param>
    /// <exception cref="InvalidDataException">Images without a file.</exception>
    public static void RequireAll(ImportOptions options, IReadOnlyList<Sample> samples, string what, Predicate<string> isThere)
    {
        var missing = samples.Where(sample => !isThere(sample.Id)).Select(sample => sample.Id).ToList();
        if (missing.Count > 0)
            throw new InvalidDataException(
                $"folder: {options.Folder} has no {what} of {missing.Count} of the {samples.Count} images of the split "
                + $"'{options.EvaluationSplit}': {List(missing, ", ")}. Choose the split that it belongs to, or add the files.");
    }

    /// <param name="faults">A sentence each, which names the file.</param>
    /// <param name="what">"label maps".</param>
    /// <exception cref="InvalidDataException">There are any.</exception>
    public static void Throw(IReadOnlyList<string> faults, int files, string what)
    {
        if (faults.Count > 0)
            throw new InvalidDataException($"folder: {faults.Count} of the {files} files are not {what} of their images:"
                + $"{Environment.NewLine}{List(faults, Environment.NewLine)}");
    }

    private static string List(IReadOnlyList<string> items, string between) =>
        string.Join(between, items.Take(Named)) + (items.Count > Named ? $"{between}and {items.Count - Named} more" : "");
}
