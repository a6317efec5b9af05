namespace Dashboard.Backend.Weights;

/// <summary>Which tensors of a foreign checkpoint became weights. Two are equal that name the same tensors.</summary>
/// <param name="Loaded">How many of the model's tensors were taken from the file.</param>
/// <param name="Missing">Tensors that the file lacks, under our names, and that the model can do without; they keep their first value.</param>
/// <param name="Unexpected">Keys of the file that nothing is known of.</param>
/// <param name="Unused">Keys of the file that are known, and not needed.</param>
public sealed record ImportReport(int Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Unused)
{
    private const int Named = 5;

    /// <summary>Compares a file with the model that it is to fill.</summary>
    /// <param name="path">Of the file, for errors.</param>
    /// <param name="tensors">What is in the file, under the model's names.</param>
    /// <param name="expected">Names and shapes of all that the model has.</param>
    /// <param name="dispensable">What the model can do without.</param>
    /// <param name="unused">Keys of the file that are known, and not needed.</param>
    /// <exception cref="CheckpointException">A tensor is missing that the model needs, or one has another shape: names them.</exception>
    public static ImportReport Of(
        string path, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, IReadOnlyList<long>> expected,
        Predicate<string> dispensable, IReadOnlyList<string> unused)
    {
        string[] missing = [.. expected.Keys.Where(name => !tensors.ContainsKey(name))];
        if (missing.Where(name => !dispensable(name)).ToList() is { Count: > 0 } needed)
            throw new CheckpointException(path,
                $"{needed.Count} of the model's {expected.Count} tensors {(needed.Count == 1 ? "is" : "are")} missing: {List(needed)}. Take the "
                + "whole checkpoint.");
        foreach (var (name, shape) in expected)
            if (tensors.TryGetValue(name, out var tensor) && !tensor.Shape.SequenceEqual(shape))
                throw new CheckpointException(path,
                    $"'{name}' has the shape [{string.Join(", ", tensor.Shape)}], but [{string.Join(", ", shape)}] is expected.");
        return new(expected.Count - missing.Length, missing, [.. tensors.Keys.Where(name => !expected.ContainsKey(name))], unused);
    }

    public bool Equals(ImportReport? other) =>
        other is not null && Loaded == other.Loaded && Missing.SequenceEqual(other.Missing) && Unexpected.SequenceEqual(other.Unexpected)
            && Unused.SequenceEqual(other.Unused);

    public override int GetHashCode() => HashCode.Combine(Loaded, Missing.Count, Unexpected.Count, Unused.Count);

    /// <summary>A sentence for people.</summary>
    public override string ToString() =>
        $"{Loaded} tensors taken; missing: {List(Missing)}; unexpected: {List(Unexpected)}; not needed: {List(Unused)}.";

    private static string List(IReadOnlyList<string> keys) => keys.Count switch
    {
        0 => "none",
        <= Named => string.Join(", ", keys),
        _ => $"{string.Join(", ", keys.Take(Named))} and {keys.Count - Named} more",
    };
}
