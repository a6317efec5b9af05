using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Psa;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>
/// Labels of AffinityNet's training crops (PSA, section 3.2; VOC12AffDataset of voc12/data.py). The two scores are cropped with the image and
/// averaged over blocks of 8 pixels as scores; only then the largest wins.
/// </summary>
public static class PsaLabels
{
    /// <summary>Where no score reaches this the crop lies beyond the image.</summary>
    private const float NoScore = 1e-5f;

    /// <param name="low">Scores under the low α, <c>[maps, Height, Width]</c>, the background's first: <see cref="PsaCrf.Scores"/>.</param>
    /// <param name="high">Scores under the high α, likewise.</param>
    /// <param name="size">Of the scores.</param>
    /// <param name="box">Where the crop lies; its side is a multiple of 8.</param>
    /// <returns>
    /// At an eighth of the crop: 0 sure background, k the k-th map where it is sure, 255 else. A label is a map's position, no class: labels of one
    /// image are compared only.
    /// </returns>
    public static LabelMap Of(ReadOnlySpan<float> low, ReadOnlySpan<float> high, int maps, ImageSize size, CropBox box)
    {
        var (lowBlocks, highBlocks, side) = (Blocks(low, maps, size, box), Blocks(high, maps, size, box), box.Side / AffinityNet.Stride);
        var labels = new byte[side * side];
        for (var block = 0; block < labels.Length; block++)
        {
            var (sure, possible) = (Largest(lowBlocks, block), Largest(highBlocks, block));
            labels[block] = Math.Max(lowBlocks[sure][block], Math.Max(highBlocks[possible][block], 0)) < NoScore ? LabelMap.Ignore
                : possible == 0 ? LabelMap.Background
                : sure == 0 ? LabelMap.Ignore
                : (byte)sure;
        }
        return new(side, side, labels);
    }

    private static int Largest(float[][] maps, int block)
    {
        var best = 0;
        for (var map = 1; map < maps.Length; map++)
            if (maps[map][block] > maps[best][block])
                best = map;
        return best;
    }

    /// <summary>The mean of every map over each block of the crop.</summary>
    private static float[][] Blocks(ReadOnlySpan<float> scores, int maps, ImageSize size, CropBox box)
    {
        var side = box.Side / AffinityNet.Stride;
        var blocks = new float[maps][];
        for (var map = 0; map < maps; map++)
        {
            var crop = box.Cut(scores.Slice(map * size.Width * size.Height, size.Width * size.Height), size, channels: 1, fill: 0f);
            blocks[map] = new float[side * side];
            for (var y = 0; y < side * AffinityNet.Stride; y++)
                for (var x = 0; x < side * AffinityNet.Stride; x++)
                    blocks[map][
                        y / AffinityNet.Stride * side + x / AffinityNet.Stride] += crop[y * box.Side + x] / (AffinityNet.Stride * AffinityNet.Stride);
        }
        return blocks;
    }
}
