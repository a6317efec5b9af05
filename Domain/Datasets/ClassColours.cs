namespace Dashboard.Domain.Datasets;

/// <summary>
/// A class's colour on the pages: the same for the same name everywhere, whatever its label. VOC's twenty names have colours that can be told apart
/// with ordinary sight and by people who confuse red and green. VOC's own palette (<see cref="VocPalette"/>) is for files only: its maroon and grey
/// vanish on photographs.
/// </summary>
public static class ClassColours
{
    private const int Ignored = 0xC8CCD2;

    private static readonly Dictionary<string, int> Known = new(StringComparer.Ordinal)
    {
        ["aeroplane"] = 0xDE7419, ["bicycle"] = 0x4C9DFD, ["bird"] = 0xA23AAF, ["boat"] = 0xE1F424, ["bottle"] = 0x945C00, ["bus"] = 0xB83C46,
        ["car"] = 0x4FD6FA, ["cat"] = 0xD98575, ["chair"] = 0xBBC257, ["cow"] = 0xC07AAC, ["diningtable"] = 0x3EA4DB, ["dog"] = 0xEB5140,
        ["horse"] = 0x52F7C5, ["motorbike"] = 0x4281FE, ["person"] = 0xE9B328, ["pottedplant"] = 0xBAF997, ["sheep"] = 0x4C53EC,
        ["sofa"] = 0x7BFCF6, ["train"] = 0xCC006B, ["tvmonitor"] = 0xC9F869,
    };

    /// <summary>Other names of the same things, and those of the built-in world.</summary>
    private static readonly Dictionary<string, string> SameAs = new(StringComparer.Ordinal)
    {
        ["plane"] = "aeroplane", ["airplane"] = "aeroplane", ["motorcycle"] = "motorbike", ["couch"] = "sofa", ["tv"] = "tvmonitor",
        ["camel"] = "horse", ["penguin"] = "bicycle",
    };

    /// <summary>Names that are not VOC's get a hue by the letters of their name.</summary>
    public static (byte R, byte G, byte B) Of(string name)
    {
        var letters = new string([.. name.ToLowerInvariant().Where(char.IsLetterOrDigit)]);
        return Channels(Known.TryGetValue(SameAs.GetValueOrDefault(letters, letters), out var known) ? known : FromLetters(letters));
    }

    /// <summary>"#de7419".</summary>
    public static string Css(string name) => Of(name) is var (r, g, b) ? $"#{r:x2}{g:x2}{b:x2}" : "";

    /// <summary>256 RGB triples by label: a black background, then the classes, grey for what is ignored.</summary>
    /// <param name="labelNames">By label, background first.</param>
    public static byte[] Palette(IReadOnlyList<string> labelNames)
    {
        var palette = new byte[3 * 256];
        for (var label = 1; label < 256; label++)
            (palette[3 * label], palette[3 * label + 1], palette[3 * label + 2]) =
                label < labelNames.Count ? Of(labelNames[label]) : Channels(Ignored);
        return palette;
    }

    /// <summary>Twenty-four hues in three degrees of lightness: neighbouring hues are told apart by that.</summary>
    private static int FromLetters(string letters)
    {
        // FNV-1a: the same in every process.
        var hash = letters.Aggregate(2166136261u, (sum, letter) => (sum ^ letter) * 16777619u);
        var (hue, lightness) = (15 * (hash % 24), 0.42 + 0.17 * (hash / 24 % 3));
        return Channel(0) << 16 | Channel(8) << 8 | Channel(4);

        // HSL to RGB, of a saturation of 0.7.
        int Channel(double offset)
        {
            var turn = (offset + hue / 30.0) % 12;
            return (int)Math.Round(255 * (lightness - 0.7 * Math.Min(lightness, 1 - lightness) * Math.Clamp(Math.Min(turn - 3, 9 - turn), -1, 1)));
        }
    }

    private static (byte R, byte G, byte B) Channels(int rgb) => ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
}
