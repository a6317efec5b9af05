using Dashboard.Domain.Methods.Seeds;
using static TorchSharp.torch;

namespace Dashboard.Backend.Images;

/// <summary>
/// (v/255 - mean) / std of every channel, computed in double and stored as float (IRN <c>TorchvisionNormalize</c>), from RGB bytes to planes:
/// <c>[H, W, 3]</c> to <c>[3, H, W]</c>. A table holds the 3 x 256 values there are.
/// </summary>
public sealed class Normalisation
{
    private readonly float[][] _levels;

    public Normalisation(IReadOnlyList<double> mean, IReadOnlyList<double> std) =>
        _levels = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 256).Select(v => (float)((v / 255.0 - mean[c]) / std[c])).ToArray())];

    public static Normalisation ImageNet { get; } = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>openai/CLIP, <c>clip.py</c>.</summary>
    public static Normalisation Clip { get; } = new([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]);

    public static Normalisation Of(PixelNormalisation statistics) => statistics == PixelNormalisation.Clip ? Clip : ImageNet;

    /// <summary>The whole image, mirrored left to right where <paramref name="flip"/> is set.</summary>
    /// <param name="rgb">Three channels.</param>
    /// <param name="planes"><c>[3, H, W]</c>.</param>
    public void ToPlanes(ImageBuffer rgb, Span<float> planes, bool flip = false)
    {
        for (var y = 0; y < rgb.Height; y++)
            Row(rgb, y, 0, rgb.Width, flip, planes, rgb.Width * rgb.Height, y * rgb.Width);
    }

    /// <returns><c>[3, H, W]</c>.</returns>
    public float[] ToPlanes(ImageBuffer rgb, bool flip = false)
    {
        var planes = new float[rgb.Pixels.Length];
        ToPlanes(rgb, planes, flip);
        return planes;
    }

    /// <param name="levels"><c>[N, 3, H, W]</c>: whole numbers, 0..255, on any device.</param>
    /// <returns>The same values as of an image, where the levels lie.</returns>
    public Tensor ToPlanes(Tensor levels)
    {
        using var scope = NewDisposeScope();
        var table = tensor(_levels.SelectMany(channel => channel).ToArray(), device: levels.device);
        var channels = arange(0, 3 * 256, 256, int64, levels.device).view(1, 3, 1, 1);
        return table.take(levels.to(int64) + channels).MoveToOuterDisposeScope();
    }

    /// <summary>Normalise, mirror, crop: IRN's order, in one pass over the crop. What lies beyond the image is 0, the mean colour.</summary>
    /// <param name="rgb">Three channels.</param>
    /// <param name="box">Placed on the mirrored image.</param>
    /// <param name="planes"><c>[3, Side, Side]</c>.</param>
    public void CropToPlanes(ImageBuffer rgb, CropBox box, Span<float> planes, bool flip = false)
    {
        planes.Clear();
        for (var row = 0; row < box.Height; row++)
            Row(rgb, box.ImageTop + row, box.ImageLeft, box.Width, flip, planes, box.Side * box.Side, (box.Top + row) * box.Side + box.Left);
    }

    private void Row(ImageBuffer rgb, int y, int left, int width, bool flip, Span<float> planes, int plane, int target)
    {
        var first = 3 * (y * rgb.Width + (flip ? rgb.Width - 1 - left : left));
        for (var c = 0; c < 3; c++)
        {
            var levels = _levels[c];
            var source = first + c;
            var row = planes.Slice(c * plane + target, width);
            for (var x = 0; x < row.Length; x++, source += flip ? -3 : 3)
                row[x] = levels[rgb.Pixels[source]];
        }
    }
}
