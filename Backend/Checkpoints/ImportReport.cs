namespace Dashboard.Backend.Checkpoints;

/// <summary>Which tensors of a foreign checkpoint became weights.</summary>
/// <param name="Path">The file.</param>
/// <param name="Loaded">How many tensors were taken.</param>
/// <param name="Missing">Weights that the file has not, under our names; they keep their first value.</param>
/// <param name="Unexpected">Keys of the file that nothing is known of.</param>
/// <param name="Unused">Keys of the file that are known, and not needed.</param>
public sealed record ImportReport(string Path, int Loaded, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected, IReadOnlyList<string> Unused)
{
    private const int Named = 5;

    /// <summary>A sentence for people.</summary>
    public override string ToString() =>
        $"{Path}: {Loaded} tensors loaded; missing: {List(Missing)}; unexpected: {List(Unexpected)}; not needed: {List(Unused)}.";

    private static string List(IReadOnlyList<string> keys) => keys.Count switch
    {
        0 => "none",
        <= Named => string.Join(", ", keys),
        _ => $"{string.Join(", ", keys.Take(Named))} and {keys.Count - Named} more",
    };
}
