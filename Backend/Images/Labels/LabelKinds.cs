using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images.Labels;

/// <summary>
/// What a label map has at all. One that was drawn in black and white, 255 for the object, reads as nothing but background and ignored pixels, and a
/// blank prediction would be all right on it.
/// </summary>
/// <param name="HasClass">A label of 1 to 254.</param>
internal readonly record struct LabelKinds(bool HasBackground, bool HasClass, bool HasIgnored)
{
    public const string Remedy = "255 means ignore: where it was meant as the object, write the number of its class instead, 1 for the first.";

    public bool IsBlackAndWhite => HasIgnored && !HasClass;

    public static LabelKinds Of(LabelMap map)
    {
        ReadOnlySpan<byte> labels = map.Labels;
        return new(labels.Contains(LabelMap.Background), labels.ContainsAnyInRange((byte)1, (byte)(LabelMap.Ignore - 1)),
            labels.Contains(LabelMap.Ignore));
    }

    /// <summary>
    /// Refuses label maps that came from outside and hold no class. Those that a method has made itself may be so: where nothing is sure, all of it is
    /// ignored.
    /// </summary>
    /// <param name="what">"The ground truth", "folder: /labels".</param>
    /// <param name="maps">Of a whole split.</param>
    /// <exception cref="InvalidDataException">Nothing can be scored, or nothing but background: says why and what to do.</exception>
    public static void Require(string what, IReadOnlyList<string> ids, IReadOnlyList<LabelKinds> maps)
    {
        if (maps.Any(map => map.HasClass) || !maps.Any(map => map.HasIgnored))
            return;
        var has = maps.Any(map => map.HasBackground) ? "no labels but 0 and 255" : "no label but 255";
        throw new InvalidDataException($"{what} has {has} in all of its {maps.Count} images ({List(ids)}). {Remedy}");
    }

    /// <summary>A sentence about images that look black and white among others; null where there are none.</summary>
    public static string? Doubt(IReadOnlyList<string> ids, IReadOnlyList<LabelKinds> maps)
    {
        var doubtful = ids.Where((_, i) => maps[i].IsBlackAndWhite).ToList();
        return doubtful.Count == 0
            ? null
            : $"The ground truth of {doubtful.Count} of {ids.Count} images has no labels but 0 and 255 ({List(doubtful)}). {Remedy}";
    }

    private static string List(IReadOnlyList<string> ids) => string.Join(", ", ids.Take(5)) + (ids.Count > 5 ? ", ..." : "");
}
