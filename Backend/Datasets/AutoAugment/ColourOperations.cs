using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.AutoAugment;

/// <summary>
/// AutoAugment's operations on the colours of RGB images, byte for byte as PIL 9.4's <c>ImageOps</c> and <c>ImageEnhance</c>. The enhancements draw
/// an image away from a degenerate one, or towards it: by the factor 1 + magnitude, -0.9 to 0.9.
/// </summary>
public static class ColourOperations
{
    private const int Channels = 3;
    private const int Levels = 256;

    public static ImageBuffer Invert(ImageBuffer image) => MapAtOnce(image, levels => ~levels);

    /// <summary>Inverts the levels from a threshold on.</summary>
    /// <param name="threshold">0 to 256.</param>
    public static ImageBuffer Solarize(ImageBuffer image, double threshold)
    {
        if (threshold > Levels - 1)
            return image;
        var first = new Vector<byte>((byte)Math.Ceiling(threshold));
        return MapAtOnce(image, levels => Vector.ConditionalSelect(Vector.LessThan(levels, first), levels, ~levels));
    }

    /// <summary>Keeps the highest bits of a level.</summary>
    /// <param name="bits">1 to 8, rounded.</param>
    public static ImageBuffer Posterize(ImageBuffer image, double bits)
    {
        var kept = new Vector<byte>((byte)(0xff << 8 - (int)Math.Round(bits)));
        return MapAtOnce(image, levels => levels & kept);
    }

    /// <summary>Stretches every channel to the whole range.</summary>
    public static ImageBuffer AutoContrast(ImageBuffer image) => MapChannels(image, histogram =>
    {
        var (lowest, highest) = (histogram.AsSpan().IndexOfAnyExcept(0), histogram.AsSpan().LastIndexOfAnyExcept(0));
        if (highest <= lowest)
            return level => level;
        var scale = 255.0 / (highest - lowest);
        var offset = -lowest * scale;
        return level => (int)(level * scale + offset);
    });

    /// <summary>Spreads the levels of every channel so that each is as frequent, as far as that goes.</summary>
    public static ImageBuffer Equalize(ImageBuffer image) => MapChannels(image, histogram =>
    {
        var step = (histogram.Sum() - histogram.Last(count => count > 0)) / (Levels - 1);
        if (step == 0)
            return level => level;
        var (below, equal) = (step / 2, new int[Levels]);
        for (var level = 0; level < Levels; below += histogram[level++])
            equal[level] = below / step;
        return level => equal[level];
    });

    /// <summary>Away from gray, towards it.</summary>
    public static ImageBuffer Color(ImageBuffer image, double magnitude)
    {
        var gray = GC.AllocateUninitializedArray<byte>(image.Pixels.Length);
        var pixels = image.Pixels.AsSpan(0, gray.Length);
        for (var at = 0; at < pixels.Length; at += Channels)
            gray[at] = gray[at + 1] = gray[at + 2] = (byte)Luma(pixels[at], pixels[at + 1], pixels[at + 2]);
        return Blend(gray, image, (float)(1 + magnitude));
    }

    /// <summary>Away from the mean luma, towards it.</summary>
    public static ImageBuffer Contrast(ImageBuffer image, double magnitude)
    {
        var sum = 0L;
        var pixels = image.Pixels.AsSpan();
        for (var at = 0; at < pixels.Length; at += Channels)
            sum += Luma(pixels[at], pixels[at + 1], pixels[at + 2]);
        var mean = (int)((double)sum / (image.Width * image.Height) + 0.5);
        return Map(image, level => Blend(mean, level, (float)(1 + magnitude)));
    }

    /// <summary>Away from black, towards it.</summary>
    public static ImageBuffer Brightness(ImageBuffer image, double magnitude) => Map(image, level => Blend(0, level, (float)(1 + magnitude)));

    /// <summary>Away from the smoothed image, towards it: 3x3, the middle five times. The outermost pixels stay.</summary>
    public static ImageBuffer Sharpness(ImageBuffer image, double magnitude)
    {
        const int weights = 13;
        var (smooth, stride) = ((byte[])[.. image.Pixels], image.Width * Channels);
        for (var y = 1; y < image.Height - 1; y++)
        {
            var above = image.Pixels.AsSpan((y - 1) * stride, stride);
            var row = image.Pixels.AsSpan(y * stride, stride);
            var below = image.Pixels.AsSpan((y + 1) * stride, stride);
            var to = smooth.AsSpan(y * stride, stride);
            for (var x = Channels; x < stride - Channels; x++)
            {
                var sum = above[x - 3] + above[x] + above[x + 3] + row[x - 3] + 5 * row[x] + row[x + 3] + below[x - 3] + below[x] + below[x + 3];
                to[x] = (byte)((sum + weights / 2) / weights);
            }
        }
        return Blend(smooth, image, (float)(1 + magnitude));
    }

    /// <summary>ITU-R 601, as PIL's <c>convert("L")</c>.</summary>
    private static int Luma(int red, int green, int blue) => (red * 19595 + green * 38470 + blue * 7471 + (1 << 15)) >> 16;

    /// <summary>PIL's <c>Image.blend</c> of two levels, in float, rounded down.</summary>
    private static byte Blend(int degenerate, int level, float factor) => (byte)Math.Clamp(degenerate + factor * (level - degenerate), 0, 255);

    /// <summary>PIL's <c>Image.blend</c> of images: four levels at a time, the last ones one by one.</summary>
    /// <param name="degenerate">Overwritten with the result.</param>
    private static ImageBuffer Blend(byte[] degenerate, ImageBuffer image, float factor)
    {
        var from = MemoryMarshal.Cast<byte, Vector128<byte>>(image.Pixels);
        var to = MemoryMarshal.Cast<byte, Vector128<byte>>(degenerate.AsSpan());
        for (var i = 0; i < from.Length; i++)
        {
            var ((a, b), (c, d)) = (Vector128.Widen(Vector128.WidenLower(from[i])), Vector128.Widen(Vector128.WidenUpper(from[i])));
            var ((e, f), (g, h)) = (Vector128.Widen(Vector128.WidenLower(to[i])), Vector128.Widen(Vector128.WidenUpper(to[i])));
            to[i] = Vector128.Narrow(Vector128.Narrow(Blend(e, a, factor), Blend(f, b, factor)),
                Vector128.Narrow(Blend(g, c, factor), Blend(h, d, factor)));
        }
        for (var at = from.Length * Vector128<byte>.Count; at < degenerate.Length; at++)
            degenerate[at] = Blend(degenerate[at], image.Pixels[at], factor);
        return new(image.Width, image.Height, Channels, degenerate);
    }

    private static Vector128<uint> Blend(Vector128<uint> degenerate, Vector128<uint> level, float factor)
    {
        var start = Vector128.ConvertToSingle(degenerate.AsInt32());
        var blended = start + factor * (Vector128.ConvertToSingle(level.AsInt32()) - start);
        return Vector128.ConvertToInt32(Vector128.Clamp(blended, Vector128<float>.Zero, Vector128.Create(255f))).AsUInt32();
    }

    /// <param name="levels">What levels become, in every channel: as many at once as the processor can map.</param>
    private static ImageBuffer MapAtOnce(ImageBuffer image, Func<Vector<byte>, Vector<byte>> levels)
    {
        var result = GC.AllocateUninitializedArray<byte>(image.Pixels.Length);
        var whole = result.Length - result.Length % Vector<byte>.Count;
        for (var at = 0; at < whole; at += Vector<byte>.Count)
            levels(new(image.Pixels, at)).CopyTo(result, at);
        Span<byte> last = stackalloc byte[Vector<byte>.Count];
        image.Pixels.AsSpan(whole).CopyTo(last);
        levels(new(last)).CopyTo(last);
        last[..(result.Length - whole)].CopyTo(result.AsSpan(whole));
        return new(image.Width, image.Height, Channels, result);
    }

    /// <param name="level">What a level becomes, in every channel.</param>
    private static ImageBuffer Map(ImageBuffer image, Func<int, int> level)
    {
        var result = GC.AllocateUninitializedArray<byte>(image.Pixels.Length);
        var pixels = image.Pixels.AsSpan(0, result.Length);
        var table = Table(level);
        for (var at = 0; at < pixels.Length; at++)
            result[at] = table[pixels[at]];
        return new(image.Width, image.Height, Channels, result);
    }

    /// <param name="levels">From a channel's histogram to what its levels become.</param>
    private static ImageBuffer MapChannels(ImageBuffer image, Func<int[], Func<int, int>> levels)
    {
        var (red, green, blue) = (new int[Levels], new int[Levels], new int[Levels]);
        var pixels = image.Pixels.AsSpan();
        for (var at = 0; at < pixels.Length; at += Channels)
        {
            red[pixels[at]]++;
            green[pixels[at + 1]]++;
            blue[pixels[at + 2]]++;
        }
        var (toRed, toGreen, toBlue) = (Table(levels(red)), Table(levels(green)), Table(levels(blue)));
        var result = GC.AllocateUninitializedArray<byte>(pixels.Length);
        for (var at = 0; at < pixels.Length; at += Channels)
        {
            result[at] = toRed[pixels[at]];
            result[at + 1] = toGreen[pixels[at + 1]];
            result[at + 2] = toBlue[pixels[at + 2]];
        }
        return new(image.Width, image.Height, Channels, result);
    }

    private static byte[] Table(Func<int, int> level) => [.. Enumerable.Range(0, Levels).Select(from => (byte)Math.Clamp(level(from), 0, 255))];
}
