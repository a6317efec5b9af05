using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.AutoAugment;

/// <summary>
/// AutoAugment's geometric operations on RGB images, byte for byte as PIL 9.4's <c>Image.transform</c> and <c>Image.rotate</c> do them with SimSeg's
/// arguments: the result has the image's size, and what comes from beyond the image is gray.
/// </summary>
public static class GeometricOperations
{
    private const int Channels = 3;
    private const byte Gray = 128;

    /// <summary>A row moves by <paramref name="slope"/> times its distance from the top; bicubic.</summary>
    public static ImageBuffer ShearX(ImageBuffer image, double slope)
    {
        var (width, result) = (image.Width, Canvas(image));
        for (var y = 0; y < image.Height; y++)
        {
            var start = y * width * Channels;
            var row = image.Pixels.AsSpan(start, width * Channels);
            for (var x = 0; x < width; x++)
                if (x + 0.5 + slope * (y + 0.5) is >= 0 and var from && from < width)
                    Cubic(row, width, Channels, from - 0.5, result.Pixels.AsSpan(start + x * Channels, Channels));
        }
        return result;
    }

    /// <summary>A column moves by <paramref name="slope"/> times its distance from the left; bicubic.</summary>
    public static ImageBuffer ShearY(ImageBuffer image, double slope)
    {
        var (width, height, result) = (image.Width, image.Height, Canvas(image));
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                if (slope * (x + 0.5) + (y + 0.5) is >= 0 and var from && from < height)
                    Cubic(image.Pixels.AsSpan(x * Channels), height, width * Channels, from - 0.5,
                        result.Pixels.AsSpan((y * width + x) * Channels, Channels));
        return result;
    }

    /// <param name="share">Of the width, by which the image moves to the left; to whole pixels.</param>
    public static ImageBuffer TranslateX(ImageBuffer image, double share) => Translate(image, WholePixels(share * image.Width), 0);

    /// <param name="share">Of the height, by which the image moves up; to whole pixels.</param>
    public static ImageBuffer TranslateY(ImageBuffer image, double share) => Translate(image, 0, WholePixels(share * image.Height));

    /// <summary>About the centre, counter-clockwise; by nearest neighbour.</summary>
    public static ImageBuffer Rotate(ImageBuffer image, double degrees)
    {
        var (width, height, result) = (image.Width, image.Height, Canvas(image));
        var angle = -double.DegreesToRadians(degrees);
        var (cos, sin) = (Math.Round(Math.Cos(angle), 15), Math.Round(Math.Sin(angle), 15));
        var (centreX, centreY) = (width / 2.0, height / 2.0);
        // Where the centre of the first pixel comes from; every step to the right adds (cos, -sin), every step down (sin, cos).
        var startX = Fixed(cos * -centreX + sin * -centreY + centreX + cos * 0.5 + sin * 0.5);
        var startY = Fixed(-sin * -centreX + cos * -centreY + centreY - sin * 0.5 + cos * 0.5);
        var (stepX, stepY) = (Fixed(cos), Fixed(sin));
        for (var y = 0; y < height; y++, startX += stepY, startY += stepX)
        {
            var (fromX, fromY) = (startX, startY);
            var to = y * width * Channels;
            for (var x = 0; x < width; x++, to += Channels, fromX += stepX, fromY -= stepY)
            {
                // A negative one is larger than any side.
                var (column, row) = ((uint)(fromX >> 16), (uint)(fromY >> 16));
                if (column >= (uint)width || row >= (uint)height)
                    continue;
                var from = ((int)row * width + (int)column) * Channels;
                (result.Pixels[to], result.Pixels[to + 1], result.Pixels[to + 2]) =
                    (image.Pixels[from], image.Pixels[from + 1], image.Pixels[from + 2]);
            }
        }
        return result;
    }

    /// <summary>Sixteen fractional bits, as PIL counts positions.</summary>
    private static int Fixed(double value) => (int)Math.Floor(value * (1 << 16) + 0.5);

    private static int WholePixels(double distance) => (int)Math.Floor(distance + 0.5);

    private static ImageBuffer Translate(ImageBuffer image, int left, int up)
    {
        var (width, height, result) = (image.Width, image.Height, Canvas(image));
        var covered = Math.Max(0, width - Math.Abs(left)) * Channels;
        for (var y = Math.Max(0, -up); y < Math.Min(height, height - up); y++)
            image.Pixels.AsSpan(((y + up) * width + Math.Max(0, left)) * Channels, covered)
                .CopyTo(result.Pixels.AsSpan((y * width + Math.Max(0, -left)) * Channels));
        return result;
    }

    /// <summary>
    /// PIL's bicubic interpolation of transforms (a = -1, rounded down) between the pixels of one row or column: a shear needs no other, for across
    /// it falls on pixels' centres.
    /// </summary>
    /// <param name="line">Begins with the line's first pixel.</param>
    /// <param name="stride">From a pixel to the next, in bytes.</param>
    private static void Cubic(ReadOnlySpan<byte> line, int count, int stride, double at, Span<byte> pixel)
    {
        var second = (int)Math.Floor(at);
        var d = at - second;
        var (at1, at2) = (Math.Max(second - 1, 0) * stride, Math.Clamp(second, 0, count - 1) * stride);
        var (at3, at4) = (Math.Min(second + 1, count - 1) * stride, Math.Min(second + 2, count - 1) * stride);
        for (var c = 0; c < pixel.Length; c++)
        {
            int v1 = line[at1 + c], v2 = line[at2 + c], v3 = line[at3 + c], v4 = line[at4 + c];
            var value = v2 + d * (v3 - v1 + d * (2 * (v1 - v2) + v3 - v4 + d * (v2 - v1 - v3 + v4)));
            pixel[c] = value <= 0 ? (byte)0 : value >= 255 ? (byte)255 : (byte)value;
        }
    }

    private static ImageBuffer Canvas(ImageBuffer image)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(image.Pixels.Length);
        Array.Fill(pixels, Gray);
        return new(image.Width, image.Height, Channels, pixels);
    }
}
