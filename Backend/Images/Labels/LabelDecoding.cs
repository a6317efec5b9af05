using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Images.Labels;

/// <summary>
/// The label of every pixel of a PNG, or a refusal: a number that is silently not the one meant is worse than none.
/// <list type="bullet">
/// <item>Indexed files: the index, unless the palette says that an editor has renumbered it.</item>
/// <item>Gray files: the sample as the file stores it, whatever its bits; black and white alone only where there is one class.</item>
/// <item>RGB and RGBA: colours that the data set or VOC gives a label, or gray levels that are labels.</item>
/// </list>
/// </summary>
internal static class LabelDecoding
{
    private const string Remedy = "Store the label of each pixel as palette index (indexed PNG) or as gray level.";

    private static readonly (int Index, int Colour) None = (-1, 0);

    /// <exception cref="ImageException">The file cannot be a label map, or may mean two: names the pixel, the colour or the label.</exception>
    public static LabelMap Read(DecodedImage image, LabelCoding coding)
    {
        var info = image.Info;
        if (info.Format != ImageFormat.Png)
            throw new ImageException(info.Format == ImageFormat.Jpeg
                ? $"{image.Name} is a JPEG, whose lossy compression changes labels. Store label maps as indexed or grayscale PNG."
                : $"{image.Name} is a {info.Format} file, from which labels are not read. Store label maps as indexed or grayscale PNG.");
        return new(info.Width, info.Height, info.Layout switch
        {
            PixelLayout.Indexed => Indices(image, coding),
            PixelLayout.Gray when info.BitDepth < 8 => FewBits(image, coding),
            PixelLayout.Gray => image.Pixels,
            PixelLayout.Gray16 => LowBytes(image),
            PixelLayout.GrayAlpha => Gray(image),
            _ => ColourLabels.Read(image, coding),
        });
    }

    /// <summary>An index means itself, unless the colours of the palette say something else.</summary>
    private static byte[] Indices(DecodedImage image, LabelCoding coding)
    {
        var used = new bool[256];
        foreach (var end in LabelRuns.Of(image.Pixels))
            used[image.Pixels[end - 1]] = true;
        var entries = Enumerable.Range(0, Math.Min(256, image.Palette.Length / 4)).Where(index => used[index])
            .Select(index =>
                (Index: index, Colour: image.Palette[4 * index] << 16 | image.Palette[4 * index + 1] << 8 | image.Palette[4 * index + 2])).ToList();
        if (entries.Count == 0 || entries.Any(entry => !coding.Colours.ContainsKey(entry.Colour)))
            return RequireNoLevels(image, coding, entries);
        if (coding.HasOwnColours)
        {
            var labels = new byte[256];
            foreach (var (index, colour) in entries)
                labels[index] = coding.Colours[colour];
            return Array.ConvertAll(image.Pixels, index => labels[index]);
        }
        // Gray is in every palette.
        var other = entries.FirstOrDefault(entry => coding.Colours[entry.Colour] != entry.Index && !IsGray(entry.Colour), None);
        return other.Index < 0 ? image.Pixels : throw new ImageException(
            $"{image.Name} is ambiguous: its index {other.Index} has the colour {Hex(other.Colour)}, which is label {coding.Colours[other.Colour]} "
            + "in VOC's palette. "
            + "Save it as RGB, where colours count, or with VOC's palette in its own order.");
    }

    /// <summary>A gray map that a program has made smaller: the palette holds the labels, the indices number them.</summary>
    private static byte[] RequireNoLevels(DecodedImage image, LabelCoding coding, List<(int Index, int Colour)> entries)
    {
        var isLevels = entries.Count > 1 && entries.All(entry => IsGray(entry.Colour) && Level(entry) <= (coding.Classes ?? 0));
        var other = isLevels ? entries.FirstOrDefault(entry => Level(entry) != entry.Index, None) : None;
        return other.Index < 0 ? image.Pixels : throw new ImageException(
            $"{image.Name} is ambiguous: its index {other.Index} has the gray level {Level(other)}, which is also a label. Save it as grayscale PNG.");

        static int Level((int Index, int Colour) entry) => entry.Colour & 255;
    }

    /// <summary>The samples as stored, not the levels that they stand for: 1 is a label, 255 / 3 is none.</summary>
    private static byte[] FewBits(DecodedImage image, LabelCoding coding)
    {
        var depth = image.Info.BitDepth;
        var step = 255 / ((1 << depth) - 1);
        var labels = Array.ConvertAll(image.Pixels, level => (byte)(level / step));
        var blackAndWhite = labels.Contains((byte)(255 / step)) && labels.All(label => label is 0 || label == 255 / step);
        if (!blackAndWhite || (depth == 1 && coding.Classes is null or 1))
            return labels;
        throw new ImageException($"{image.Name} is black and white ({depth}-bit gray), which does not say which class the white is. {Remedy}");
    }

    private static byte[] LowBytes(DecodedImage image)
    {
        var labels = new byte[image.Pixels.Length / 2];
        for (var i = 0; i < labels.Length; i++)
        {
            if (image.Pixels[2 * i + 1] != 0)
                throw new ImageException(
                    $"{image.Name} holds the label {image.Pixels[2 * i] | image.Pixels[2 * i + 1] << 8}. Labels are 0 to 254, and 255 for ignore.");
            labels[i] = image.Pixels[2 * i];
        }
        return labels;
    }

    private static byte[] Gray(DecodedImage image)
    {
        var labels = new byte[image.Pixels.Length / 2];
        for (var i = 0; i < labels.Length; i++)
        {
            RequireOpaque(image, i, image.Pixels[2 * i + 1], labels[i] = image.Pixels[2 * i]);
        }
        return labels;
    }

    /// <summary>What is transparent is background where it is also black; otherwise there is no telling.</summary>
    public static void RequireOpaque(DecodedImage image, int pixel, byte alpha, int colour)
    {
        if (alpha != 255 && (alpha != 0 || colour != 0))
            throw new ImageException(
                $"{image.Name} is not a label map: it is transparent at x {pixel % image.Info.Width}, y {pixel / image.Info.Width}. {Remedy}");
    }

    public static bool IsGray(int colour) => (colour >> 16) == (colour & 255) && (colour >> 8 & 255) == (colour & 255);

    public static string Hex(int colour) => $"#{colour:X6}";
}
