namespace Dashboard.Web.Compare;

/// <summary>What of a run is compared.</summary>
public enum SourceKind
{
    /// <summary>Soft maps: a threshold makes labels of them.</summary>
    Maps,

    /// <summary>Label maps, as the run has written them.</summary>
    Masks,

    /// <summary>The data set's own label maps.</summary>
    Truth,
}

/// <summary>Names a source of a comparison in addresses: <c>maps:RUN</c>, <c>masks:RUN</c>, <c>masks:RUN@SPLIT</c>, <c>truth</c>.</summary>
/// <param name="Run">Empty for the ground truth.</param>
/// <param name="Split">Whose images it is; null for those of the run's main score.</param>
public sealed record SourceKey(SourceKind Kind, string Run, string? Split = null)
{
    public static SourceKey Truth { get; } = new(SourceKind.Truth, "");

    /// <returns>Null where it is not such a name.</returns>
    public static SourceKey? Parse(string text)
    {
        if (text == "truth")
            return Truth;
        var colon = text.IndexOf(':');
        if (colon < 0 || colon == text.Length - 1)
            return null;
        var run = text[(colon + 1)..];
        string? split = null;
        if (run.IndexOf('@') is >= 0 and var at)
            (run, split) = (run[..at], run[(at + 1)..]);
        if (run.Length == 0 || split is "")
            return null;
        return text[..colon] switch
        {
            "maps" => new(SourceKind.Maps, run, split),
            "masks" => new(SourceKind.Masks, run, split),
            _ => null,
        };
    }

    public override string ToString() =>
        Kind == SourceKind.Truth ? "truth" : $"{Kind.ToString().ToLowerInvariant()}:{Run}{(Split is null ? "" : "@" + Split)}";
}
