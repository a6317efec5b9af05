namespace Dashboard.Domain.Datasets;

/// <summary>
/// The colours of PASCAL VOC's label maps. The bits of a label, taken three at a time, set the bits of red, green and blue from the highest down,
/// so that neighbouring labels differ most (VOC devkit, <c>VOClabelcolormap</c>).
/// </summary>
public static class VocPalette
{
    /// <summary>256 RGB triples, in label order.</summary>
    public static byte[] Rgb => [.. Table];

    private static readonly byte[] Table = [.. Enumerable.Range(0, 256).SelectMany(label => Channels((byte)label))];

    public static (byte R, byte G, byte B) Colour(byte label) => (Table[3 * label], Table[3 * label + 1], Table[3 * label + 2]);

    private static byte[] Channels(byte label)
    {
        var (rgb, rest) = (new byte[3], (int)label);
        for (var bit = 7; bit >= 0; bit--, rest >>= 3)
            for (var channel = 0; channel < 3; channel++)
                rgb[channel] |= (byte)((rest >> channel & 1) << bit);
        return rgb;
    }
}
