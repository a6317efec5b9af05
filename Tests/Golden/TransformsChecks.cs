using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;

namespace Dashboard.Tests.Golden;

/// <summary>
/// Preprocessing of openai/CLIP, IRN (as CLIMS uses it) and SimSeg. Bytes are compared exactly, although the cases grant a gray level.
/// </summary>
public static class TransformsChecks
{
    [GoldenCheck("transforms", "clip-preprocess")]
    internal static void ClipPreprocessing(GoldenCase golden)
    {
        var image = Image(golden, "image");
        GoldenAssert.Same<byte>(image.Pixels, ImageFile.ReadRgb(golden.File("image.png")).Pixels, "image.png");
        foreach (var (name, n) in Numbered(golden, "resized_"))
            SameImage(golden, name, Resampling.Resize(image, image.Size.WithShortSideTruncated(n), ResampleFilter.Bicubic));
        foreach (var (name, n) in Numbered(golden, "cropped_"))
            SameImage(golden, name, ClipPreprocess.ResizeAndCrop(image, n));
        foreach (var (name, n) in Numbered(golden, "out_"))
            ClosePlanes(golden, name, Normalisation.Clip.ToPlanes(ClipPreprocess.ResizeAndCrop(image, n)));
    }

    [GoldenCheck("transforms", "clip-preprocess-modes")]
    internal static void ClipPreprocessingModes(GoldenCase golden)
    {
        Assert.NotEmpty(golden.Files);
        foreach (var file in golden.Files)
        {
            var mode = Path.GetFileNameWithoutExtension(file)["in_".Length..];
            var image = ImageFile.Decode(File.ReadAllBytes(golden.File(file)), file);
            SameImage(golden, $"rgb_{mode}", image.ToRgb());
            var expected = golden.Array($"out_{mode}");
            ClosePlanes(golden, $"out_{mode}", ClipPreprocess.ToPlanes(image, (int)expected.Shape[^1]));
        }
    }

    [GoldenCheck("transforms", "irn-resize-long")]
    internal static void ResizeLong(GoldenCase golden)
    {
        var image = Image(golden, "image");
        foreach (var (name, length) in Numbered(golden, "long_"))
            SameImage(golden, name, ImageTransforms.ResizeLong(image, length));
        foreach (var (name, scale) in Scaled(golden, "rescale_"))
            SameImage(golden, name, ImageTransforms.Rescale(image, scale));
        foreach (var (name, scale) in Scaled(golden, "rescale_nearest_"))
            SameImage(golden, name, ImageTransforms.Rescale(Channel(image, golden.Array(name)), scale, ResampleFilter.Nearest));
        foreach (var (name, length) in Numbered(golden, "resize_short_"))
            SameImage(golden, name, Resampling.Resize(image, image.Size.WithShortSide(length), ResampleFilter.Bicubic));

        foreach (var size in golden.Value("size_rounding", "value").EnumerateObject())
        {
            var (sides, scale) = (size.Name.Split('@')[0].Split('x'), double.Parse(size.Name.Split('@')[1], CultureInfo.InvariantCulture));
            var scaled = new ImageSize(Width: int.Parse(sides[1], CultureInfo.InvariantCulture),
                Height: int.Parse(sides[0], CultureInfo.InvariantCulture)).Scaled(scale);
            Assert.Equal(HeightWidth(size.Value), scaled);
        }
    }

    [GoldenCheck("transforms", "irn-normalise")]
    internal static void Normalise(GoldenCase golden)
    {
        var image = Image(golden, "image");
        var planes = Normalisation.ImageNet.ToPlanes(image);
        GoldenAssert.Close(golden.Array("out_hwc").Float32, ToInterleaved(planes, 3), golden.Tolerance("abs"), "normalised");
    }

    [GoldenCheck("transforms", "irn-crop")]
    internal static void Crop(GoldenCase golden)
    {
        var (input, label) = (golden.Array("normalised_input"), golden.Array("label"));
        var size = new ImageSize(Width: (int)input.Shape[1], Height: (int)input.Shape[0]);
        foreach (var value in golden.Json.GetProperty("values").EnumerateObject().Where(value => value.Value.ValueKind == JsonValueKind.Object))
        {
            var box = GivenBox(size, value.Value);
            var crop = box.Cut<float>(input.Float32, size, 3, 0);
            if (golden.HasArray(value.Name))
                GoldenAssert.Same<float>(golden.Array(value.Name).Float32, crop, value.Name);
            if (golden.HasArray($"label_{value.Name}"))
                SameCrop(golden, $"label_{value.Name}", label, size, box);
            var sum = golden.Number(value.Name, "sum");
            GoldenAssert.Close(sum, crop.Sum(level => (double)level), 1e-6 * crop.Length, $"{value.Name} sum");
            SamePixel(golden.Numbers(value.Name, "corner"), crop, 0);
            SamePixel(golden.Numbers(value.Name, "centre"), crop, box.Side / 2 * box.Side + box.Side / 2);
        }
        foreach (var (name, side) in Numbered(golden, "top_left_"))
            SameCrop(golden, name, label, size, CropBox.TopLeft(size, side));
        foreach (var (name, side) in Numbered(golden, "center_crop_"))
            SameCrop(golden, name, label, size, CropBox.Centre(size, side));
    }

    [GoldenCheck("transforms", "irn-multi-scale-flip")]
    internal static void MultiScaleFlip(GoldenCase golden)
    {
        var image = Image(golden, "image");
        foreach (var (name, scale) in Scaled(golden, "scale_"))
        {
            var scaled = ImageTransforms.Rescale(image, scale);
            float[] pair = [.. Normalisation.ImageNet.ToPlanes(scaled), .. Normalisation.ImageNet.ToPlanes(scaled, flip: true)];
            GoldenAssert.Close(golden.Array(name).Float32, pair, golden.Tolerance("abs"), name);
            GoldenAssert.Same<float>(Normalisation.ImageNet.ToPlanes(ImageTransforms.FlipHorizontal(scaled)), pair.AsSpan(pair.Length / 2),
                "flip of the image");
        }
        foreach (var entry in golden.Value("strided", "value").EnumerateObject())
        {
            var sides = entry.Name.Trim('(', ')').Split(',').Select(side => int.Parse(side, CultureInfo.InvariantCulture)).ToArray();
            var size = new ImageSize(Width: sides[1], Height: sides[0]);
            Assert.Equal(HeightWidth(entry.Value[0]), size.Strided(4));
            Assert.Equal(HeightWidth(entry.Value[1]), size.StridedUp(16));
        }
    }

    [GoldenCheck("transforms", "simseg-valid")]
    internal static void SimSegValid(GoldenCase golden)
    {
        var shape = golden.Array("resized").Shape;
        var resized = Resampling.Resize(Image(golden, "image"), (int)shape[1], (int)shape[0], ResampleFilter.Bilinear);
        SameImage(golden, "resized", resized);
        ClosePlanes(golden, "out", Normalisation.ImageNet.ToPlanes(resized));
    }

    /// <summary>A stored <c>[H, W]</c> or <c>[H, W, C]</c> image.</summary>
    private static ImageBuffer Image(GoldenCase golden, string name) => Image(golden.Array(name));

    private static ImageBuffer Image(NpyArray array) =>
        new((int)array.Shape[1], (int)array.Shape[0], array.Shape.Length == 3 ? (int)array.Shape[2] : 1, array.UInt8);

    /// <summary>The first channel where a result has one channel only.</summary>
    private static ImageBuffer Channel(ImageBuffer image, NpyArray result) =>
        result.Shape.Length == 3 ? image : new(image.Width, image.Height, 1, [.. image.Pixels.Where((_, index) => index % image.Channels == 0)]);

    private static void SameImage(GoldenCase golden, string name, ImageBuffer actual)
    {
        var expected = Image(golden, name);
        Assert.Equal(expected.Size, actual.Size);
        GoldenAssert.Same<byte>(expected.Pixels, actual.Pixels, name);
    }

    private static void ClosePlanes(GoldenCase golden, string name, float[] planes)
    {
        // The case grants one gray level. Resampling is exact here, so only the arithmetic of the normalisation may differ (float in torchvision).
        const double arithmetic = 1e-5;
        GoldenAssert.Close(golden.Array(name).Float32, planes, Math.Min(arithmetic, golden.Tolerance("float_abs")), name);
    }

    /// <summary>
    /// Labels cropped. The case leaves the fill to the reference's defaults: it is read from where the crop reaches beyond the image.
    /// </summary>
    private static void SameCrop(GoldenCase golden, string name, NpyArray label, ImageSize size, CropBox box)
    {
        var expected = golden.Array(name).UInt8;
        var inside = box.Cut<byte>(Enumerable.Repeat((byte)1, size.Width * size.Height).ToArray(), size, 1, 0);
        var outside = Array.IndexOf(inside, (byte)0);
        GoldenAssert.Same<byte>(expected, box.Cut<byte>(label.UInt8, size, 1, outside < 0 ? default : expected[outside]), name);
    }

    private static void SamePixel(double[] expected, float[] crop, int pixel) =>
        GoldenAssert.Same<float>([.. expected.Select(level => (float)level)], crop.AsSpan(3 * pixel, 3), "pixel");

    /// <summary>The recorded box, reached through the offsets that the reference drew.</summary>
    private static CropBox GivenBox(ImageSize image, JsonElement recorded)
    {
        var box = Integers(recorded.GetProperty("box"));
        var (side, offsets) = (recorded.GetProperty("cropsize").GetInt32(), new Queue<int>([box[2] + box[6], box[0] + box[4]]));
        var placed = CropBox.Place(image, side, _ => offsets.Dequeue());
        Assert.Equal(new(side, box[3] - box[2], box[1] - box[0], Left: box[2], Top: box[0], ImageLeft: box[6], ImageTop: box[4]), placed);
        return placed;
    }

    /// <summary>The arrays named prefix + integer.</summary>
    private static IEnumerable<(string Name, int Number)> Numbered(GoldenCase golden, string prefix) =>
        Suffixed(golden, prefix)
            .Where(found => int.TryParse(found.Suffix, out _))
            .Select(found => (found.Name, int.Parse(found.Suffix, CultureInfo.InvariantCulture)));

    /// <summary>The arrays named prefix + decimal number with an underscore for the point.</summary>
    private static IEnumerable<(string Name, double Scale)> Scaled(GoldenCase golden, string prefix) =>
        Suffixed(golden, prefix).Where(found => char.IsDigit(found.Suffix[0]))
            .Select(found => (found.Name, double.Parse(found.Suffix.Replace('_', '.'), CultureInfo.InvariantCulture)));

    private static IEnumerable<(string Name, string Suffix)> Suffixed(GoldenCase golden, string prefix) =>
        golden.Json.GetProperty("arrays").EnumerateObject().Select(array => array.Name)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => (name, name[prefix.Length..]));

    private static float[] ToInterleaved(float[] planes, int channels)
    {
        var plane = planes.Length / channels;
        return [.. Enumerable.Range(0, planes.Length).Select(i => planes[i % channels * plane + i / channels])];
    }

    private static ImageSize HeightWidth(JsonElement pair) => new(Width: pair[1].GetInt32(), Height: pair[0].GetInt32());

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetInt32())];
}
