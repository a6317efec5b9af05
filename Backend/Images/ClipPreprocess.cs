using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Images.Resizing;

namespace Dashboard.Backend.Images;

/// <summary>
/// openai/CLIP's <c>_transform(n)</c>: short side to n by bicubic resampling, centre crop, RGB, normalise.
/// Resizing happens in the file's own mode, before the conversion to RGB: PIL resamples indexed and two-level images by nearest neighbour,
/// and images with alpha with their colours multiplied by alpha. CMYK and 16-bit gray files are converted first.
/// </summary>
public static class ClipPreprocess
{
    /// <returns>RGB, n x n.</returns>
    public static ImageBuffer ResizeAndCrop(DecodedImage image, int n)
    {
        var filter = image.Info is { Layout: PixelLayout.Indexed } or { Layout: PixelLayout.Gray,
            BitDepth: 1 } ? ResampleFilter.Nearest : ResampleFilter.Bicubic;
        return ResizeAndCrop(image.ToBuffer(), n, filter);
    }

    /// <inheritdoc cref="ResizeAndCrop(DecodedImage, int)"/>
    public static ImageBuffer ResizeAndCrop(ImageBuffer image, int n, ResampleFilter filter = ResampleFilter.Bicubic)
    {
        var resized = Resampling.Resize(image, image.Size.WithShortSideTruncated(n), filter);
        return CropBox.Centre(resized.Size, n).Cut(resized, 0).ToRgb();
    }

    /// <returns><c>[3, n, n]</c>.</returns>
    public static float[] ToPlanes(DecodedImage image, int n) => Normalisation.Clip.ToPlanes(ResizeAndCrop(image, n));
}
