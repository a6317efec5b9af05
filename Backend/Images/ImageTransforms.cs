using Dashboard.Backend.Images.Resizing;

namespace Dashboard.Backend.Images;

/// <summary>Geometry that the data loaders share; every random choice is the caller's.</summary>
public static class ImageTransforms
{
    /// <summary>IRN <c>random_resize_long</c> with the random length given: bicubic, both sides rounded half to even.</summary>
    public static ImageBuffer ResizeLong(ImageBuffer image, int length) =>
        Resampling.Resize(image, image.Size.WithLongSide(length), ResampleFilter.Bicubic);

    /// <summary>IRN <c>pil_rescale</c>: bicubic for images (order 3), nearest for labels (order 0).</summary>
    public static ImageBuffer Rescale(ImageBuffer image, double scale, ResampleFilter filter = ResampleFilter.Bicubic) =>
        Resampling.Resize(image, image.Size.Scaled(scale), filter);

    /// <summary>Mirrored left to right.</summary>
    public static ImageBuffer FlipHorizontal(ImageBuffer image)
    {
        var (channels, flipped) = (image.Channels, new byte[image.Pixels.Length]);
        for (var y = 0; y < image.Height; y++)
            for (var x = 0; x < image.Width; x++)
                image.Pixels.AsSpan((y * image.Width + x) * channels, channels)
                    .CopyTo(flipped.AsSpan((y * image.Width + image.Width - 1 - x) * channels));
        return new(image.Width, image.Height, channels, flipped);
    }
}
