using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;

namespace Dashboard.Tests.Golden;

/// <summary>What PIL makes of the same files: in their own mode, as RGB and RGBA, palettes, and what it refuses.</summary>
public static class ImageCodecsChecks
{
    /// <summary>The tightest tolerance that any JPEG of the cases states (libjpeg decoders may differ in their inverse DCT); PNG is exact.</summary>
    private const double JpegMaximum = 4, JpegMean = 0.6;

    [GoldenCheck("image-codecs", "decode")]
    internal static void Decode(GoldenCase golden)
    {
        Assert.NotEmpty(golden.Files);
        foreach (var file in golden.Files)
        {
            var info = golden.Json.GetProperty("files_info").GetProperty(file);
            var decoded = ImageFile.Decode(File.ReadAllBytes(golden.File(file)), file);
            Assert.Equal([decoded.Info.Width, decoded.Info.Height], Integers(info.GetProperty("size_wh")));
            Assert.Equal(new(decoded.Info.Width, decoded.Info.Height), ImageFile.ReadSize(golden.File(file)));
            Assert.Equal(info.GetProperty("mode").GetString(), PilMode(decoded.Info));
            if (info.TryGetProperty("exif_orientation", out var orientation))
                Assert.Equal(orientation.GetInt32(), decoded.Info.Orientation);
            SamePalette(info, decoded, file);

            var array = file.Replace('.', '_');
            var stem = Path.GetFileNameWithoutExtension(file);
            var levels = PilLevels(decoded);
            Dictionary<string, Func<int[]>> expectations = new()
            {
                [$"{array}_raw"] = () => levels,
                [$"{stem}_expected_indices"] = () => Widen(decoded.ToLabels().Labels),
                [$"{stem}_values"] = () => levels,
                [$"{stem}_high_bytes"] = () => levels,
                // PIL clips 16-bit gray to white, which no photograph survives: here it is scaled, and held against PIL's by its levels.
                [$"{array}_rgb"] = () => decoded.Info.Layout == PixelLayout.Gray16
                    ? [.. levels.SelectMany(level => Enumerable.Repeat(Math.Min(level, 255), 3))]
                    : Widen(ImageFile.ReadRgb(golden.File(file)).Pixels),
                [$"{array}_rgba"] = () => Widen(decoded.ToRgba().Pixels),
                [$"{array}_exif_transposed_rgb"] = () => Widen(ImageFile.ReadRgb(golden.File(file), ImageOrientation.Upright).Pixels),
            };
            Assert.All(expectations.Where(expected => golden.HasArray(expected.Key)), expected =>
                Close(golden.Array(expected.Key), expected.Value(), decoded.Info.Format, expected.Key));
        }
        if (golden.Json.GetProperty("values").TryGetProperty("voc_palette_first_24", out var palette))
            Assert.Equal(Integers(palette), Widen(Domain.Datasets.VocPalette.Rgb)[..palette.GetArrayLength()]);
    }

    [GoldenCheck("image-codecs", "corrupt")]
    internal static void Corrupt(GoldenCase golden)
    {
        Assert.NotEmpty(golden.Files);
        Assert.All(golden.Files, file =>
        {
            var pilDecodes = golden.Json.GetProperty("pil_behaviour").GetProperty(file).GetProperty("pil").GetString()!.StartsWith("decoded",
                StringComparison.Ordinal);
            var error = Record.Exception(() => ImageFile.ReadRgb(golden.File(file)));
            if (error is null && pilDecodes)
                return;
            Assert.Contains(file, Assert.IsType<ImageException>(error).Message, StringComparison.Ordinal);
        });
    }

    /// <summary>PIL's name for the layout.</summary>
    private static string PilMode(ImageInfo info) => info.Layout switch
    {
        PixelLayout.Gray when info.BitDepth == 1 => "1",
        PixelLayout.Gray => "L",
        PixelLayout.GrayAlpha => "LA",
        PixelLayout.Rgb => "RGB",
        PixelLayout.Rgba => "RGBA",
        PixelLayout.Indexed => "P",
        PixelLayout.Cmyk => "CMYK",
        PixelLayout.Gray16 => "I",
        _ => "",
    };

    /// <summary>The samples as <c>np.asarray</c> shows them: two-level images as 0 and 1, inks the right way round.</summary>
    private static int[] PilLevels(DecodedImage image) => PilMode(image.Info) switch
    {
        "1" => [.. image.Pixels.Select(level => level / 255)],
        "CMYK" => [.. image.Pixels.Select(level => 255 - level)],
        "I" => [.. image.Pixels.Chunk(2).Select(bytes => bytes[0] | bytes[1] << 8)],
        _ => Widen(image.Pixels),
    };

    private static void SamePalette(JsonElement info, DecodedImage image, string file)
    {
        if (!info.TryGetProperty("palette_len", out var length))
            return;
        Assert.Equal(length.GetInt32(), image.Palette.Length / 4);
        var first = Integers(info.GetProperty("palette_first_16_entries"));
        Assert.Equal(first, image.Palette.Chunk(4).SelectMany(entry => Widen(entry[..3])).Take(first.Length));
        if (info.TryGetProperty("transparency", out var alpha))
            Assert.Equal(Integers(alpha), image.Palette.Chunk(4).Select(entry => (int)entry[3]).Take(alpha.GetArrayLength()));
    }

    private static void Close(NpyArray expected, int[] actual, ImageFormat format, string what)
    {
        double[] reference = expected.AsDouble(), values = [.. actual.Select(value => (double)value)];
        GoldenAssert.Close(reference, values, format == ImageFormat.Png ? 0 : JpegMaximum, what);
        Assert.InRange(reference.Zip(values, (a, b) => Math.Abs(a - b)).Average(), 0, JpegMean);
    }

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];

    private static int[] Widen(byte[] bytes) => Array.ConvertAll(bytes, value => (int)value);
}
