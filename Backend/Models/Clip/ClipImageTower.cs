using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>Images to features in CLIP's common space: one of the image, or one of each patch.</summary>
public abstract class ClipImageTower(string name) : Module<Tensor, Tensor>(name)
{
    /// <param name="input">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>Features <c>[N, D]</c>, not normalised.</returns>
    public abstract override Tensor forward(Tensor input);

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns>A feature of every patch, <c>[N, D, H / stride, W / stride]</c>, not normalised.</returns>
    public abstract Tensor patches(Tensor images);

    /// <summary><see cref="forward"/> and <see cref="patches"/> of the same images in one pass.</summary>
    /// <returns><c>[N, D]</c> and <c>[N, D, H / stride, W / stride]</c>, not normalised.</returns>
    public abstract (Tensor Image, Tensor Patches) image_and_patches(Tensor images);

    /// <summary>A position embedding for another grid than it was made for: bicubic (a = -0.75, corners not aligned), as in SimSeg.</summary>
    /// <param name="embedding"><c>[leading + g * g, C]</c></param>
    /// <param name="leading">Rows at the start that are not positions of the grid, as the class token's; they are kept.</param>
    /// <returns><c>[leading + height * width, C]</c></returns>
    public static Tensor interpolate_positions(Tensor embedding, long height, long width, long leading = 1)
    {
        var (positions, channels) = (embedding.shape[0] - leading, embedding.shape[1]);
        var grid = (long)Math.Round(Math.Sqrt(positions));
        if (grid == height && grid == width)
            return embedding;
        var map = embedding.narrow(0, leading, positions).t().reshape(1, channels, grid, grid);
        var resized = functional.interpolate(map, size: [height, width], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([embedding.narrow(0, 0, leading), resized.reshape(channels, height * width).t()], 0);
    }
}
