using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Images.Labels;

/// <summary>How a data set's label maps say their labels.</summary>
/// <param name="Classes">K: labels are 0 to K, and 255. Null: any.</param>
/// <param name="Colours">Labels by colour, 0xRRGGBB.</param>
/// <param name="HasOwnColours">The data set names its colours; otherwise they are VOC's.</param>
public sealed record LabelCoding(int? Classes, IReadOnlyDictionary<int, byte> Colours, bool HasOwnColours)
{
    private static readonly IReadOnlyDictionary<int, byte> VocColours =
        Enumerable.Range(0, 256)
            .ToDictionary(label => VocPalette.Colour((byte)label) is var (r, g, b) ? r << 16 | g << 8 | b : 0, label => (byte)label);

    /// <summary>Any label, VOC's colours.</summary>
    public static LabelCoding Voc { get; } = new(null, VocColours, HasOwnColours: false);

    /// <summary>VOC's colours, for this many classes.</summary>
    public static LabelCoding Of(int classes) => Voc with { Classes = classes };
}
