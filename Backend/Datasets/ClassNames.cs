using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets;

/// <summary>Class names as a user has written them.</summary>
internal static class ClassNames
{
    /// <summary>Labels are bytes: 0 is background, 255 ignore.</summary>
    private const int Most = 254;

    /// <param name="file">Where the names stand.</param>
    /// <exception cref="DatasetException">None, too many, an empty one, or one that stands twice (letter case aside).</exception>
    public static ClassSet Require(IReadOnlyList<string> names, string file)
    {
        if (names.Count is 0 or > Most)
            throw new DatasetException($"{file} names {names.Count} classes. Name 1 to {Most}.");
        if (names.Any(string.IsNullOrWhiteSpace))
            throw new DatasetException($"{file} has a class without a name. Name or delete it.");
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new DatasetException($"{file} names the class '{twice.Key}' twice. Name every class once.");
        return new(names);
    }
}
