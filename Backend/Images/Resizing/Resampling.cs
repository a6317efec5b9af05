using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dashboard.Backend.Images.Resizing;

/// <summary>Resizing bit for bit as PIL 9.4's <c>Image.resize</c>: rows, then columns, 8 bits in between.</summary>
public static class Resampling
{
    /// <inheritdoc cref="Resize(ImageBuffer, int, int, ResampleFilter)"/>
    public static ImageBuffer Resize(ImageBuffer image, ImageSize size, ResampleFilter filter) => Resize(image, size.Width, size.Height, filter);

    /// <summary>
    /// Colours of images with alpha (2 or 4 channels) are multiplied by alpha while they are resampled. An image of that size already is returned
    /// itself.
    /// </summary>
    /// <exception cref="ArgumentException">A side is less than 1, or the result is larger than an array.</exception>
    public static ImageBuffer Resize(ImageBuffer image, int width, int height, ResampleFilter filter)
    {
        if (width < 1 || height < 1 || (long)width * height * image.Channels > Array.MaxLength || image.Pixels.Length == 0)
            throw new ArgumentException($"An image of {image.Width}x{image.Height} cannot be resized to {width}x{height}.");
        if (image.Width == width && image.Height == height)
            return image;
        if (filter == ResampleFilter.Nearest)
            return Nearest(image, width, height);
        var (pixels, channels) = (image.Pixels, image.Channels);
        var hasAlpha = channels is 2 or 4;
        if (hasAlpha)
            Alpha.Premultiply(pixels = [.. pixels], channels);
        if (width != image.Width)
            pixels = ResampleRows(pixels, image.Height, channels, new(image.Width, width, filter), image.Width, width);
        if (height != image.Height)
            pixels = ResampleColumns(pixels, width * channels, new(image.Height, height, filter), height);
        if (hasAlpha)
            Alpha.Unpremultiply(pixels, channels);
        return new(width, height, channels, pixels);
    }

    /// <summary>PIL's <c>ImagingScaleAffine</c>: the source position is accumulated, not multiplied, which decides ties.</summary>
    private static ImageBuffer Nearest(ImageBuffer image, int width, int height)
    {
        var columns = NearestPositions(image.Width, width);
        var rows = NearestPositions(image.Height, height);
        var (channels, pixels) = (image.Channels, new byte[width * height * image.Channels]);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < channels; c++)
                    pixels[(y * width + x) * channels + c] = image.Pixels[(rows[y] * image.Width + columns[x]) * channels + c];
        return new(width, height, channels, pixels);
    }

    /// <summary>
    /// Which of <paramref name="input"/> positions each of <paramref name="output"/> takes. The sum's rounding decides ties, as it does in PIL.
    /// </summary>
    public static int[] NearestPositions(int input, int output)
    {
        var step = (double)input / output;
        var (positions, at) = (new int[output], step * 0.5);
        for (var i = 0; i < output; i++, at += step)
            positions[i] = Math.Min((int)at, input - 1);
        return positions;
    }

    /// <summary>Each source row is spread to four integers a pixel, so that one vector holds a pixel whatever its channels.</summary>
    private static byte[] ResampleRows(byte[] source, int height, int channels, ResamplingKernel kernel, int inputWidth, int width)
    {
        var result = new byte[checked(width * height * channels)];
        var row = new Vector128<int>[inputWidth];
        var lanes = MemoryMarshal.Cast<Vector128<int>, int>(row.AsSpan());
        Span<int> pixel = stackalloc int[4];
        for (var y = 0; y < height; y++)
        {
            var from = source.AsSpan(y * inputWidth * channels, inputWidth * channels);
            for (int x = 0, i = 0; x < inputWidth; x++)
                for (var c = 0; c < channels; c++)
                    lanes[4 * x + c] = from[i++];
            var to = result.AsSpan(y * width * channels, width * channels);
            for (int x = 0, i = 0; x < width; x++)
            {
                var weights = kernel.Weights(x);
                var covered = row.AsSpan(kernel.First(x), weights.Length);
                var sum = Vector128.Create(ResamplingKernel.Half);
                for (var k = 0; k < weights.Length; k++)
                    sum += covered[k] * weights[k];
                Clip(sum).CopyTo(pixel);
                for (var c = 0; c < channels; c++)
                    to[i++] = (byte)pixel[c];
            }
        }
        return result;
    }

    /// <summary>Sixteen neighbouring bytes of a row at a time; the last ones of a row one by one.</summary>
    private static byte[] ResampleColumns(byte[] source, int stride, ResamplingKernel kernel, int height)
    {
        var result = new byte[checked(stride * height)];
        for (var y = 0; y < height; y++)
        {
            var weights = kernel.Weights(y);
            var covered = source.AsSpan(kernel.First(y) * stride, weights.Length * stride);
            var to = result.AsSpan(y * stride, stride);
            var x = 0;
            for (; x + 16 <= stride; x += 16)
            {
                var a = Vector128.Create(ResamplingKernel.Half);
                var (b, c, d) = (a, a, a);
                for (var k = 0; k < weights.Length; k++)
                {
                    var (low, high) = Vector128.Widen(Vector128.Create<byte>(covered.Slice(k * stride + x, 16)));
                    var weight = Vector128.Create(weights[k]);
                    a += Vector128.WidenLower(low).AsInt32() * weight;
                    b += Vector128.WidenUpper(low).AsInt32() * weight;
                    c += Vector128.WidenLower(high).AsInt32() * weight;
                    d += Vector128.WidenUpper(high).AsInt32() * weight;
                }
                var lower = Vector128.Narrow(Clip(a), Clip(b)).AsUInt16();
                var upper = Vector128.Narrow(Clip(c), Clip(d)).AsUInt16();
                Vector128.Narrow(lower, upper).CopyTo(to[x..]);
            }
            for (; x < stride; x++)
            {
                var sum = ResamplingKernel.Half;
                for (var k = 0; k < weights.Length; k++)
                    sum += covered[k * stride + x] * weights[k];
                to[x] = (byte)Math.Clamp(sum >> ResamplingKernel.PrecisionBits, 0, 255);
            }
        }
        return result;
    }

    private static Vector128<int> Clip(Vector128<int> sum) =>
        Vector128.Clamp(sum >> ResamplingKernel.PrecisionBits, Vector128<int>.Zero, Vector128.Create(255));
}
