using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;

namespace Dashboard.Backend.Datasets.Augmentation;

/// <summary>
/// A random part of an image, resized to a square, as torchvision's RandomResizedCrop: of an area between the scale and 1, sides in a ratio of 3:4 to
/// 4:3.
/// </summary>
public static class RandomResizedCrop
{
    private const int Attempts = 10;

    private static readonly float LogRatio = MathF.Log(4 / 3f);

    /// <summary>The least that a crop keeps of an image's short side, as a share; 1 where nothing is cropped.</summary>
    public static double ShortestSide(double scale) => scale < 1 ? Math.Sqrt(scale * 3 / 4) : 1;

    /// <param name="scale">Smallest share of the area, above 0 to 1.</param>
    /// <returns>RGB, side x side.</returns>
    public static ImageBuffer Apply(ImageBuffer image, int side, double scale, RandomStream random)
    {
        var rgb = image.ToRgb();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = (double)rgb.Width * rgb.Height * random.Uniform((float)scale, 1);
            var ratio = MathF.Exp(random.Uniform(-LogRatio, LogRatio));
            var (width, height) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (width > 0 && height > 0 && width <= rgb.Width && height <= rgb.Height)
                return Resampling.Resize(Cut(rgb, random.Integer(0, rgb.Width - width), random.Integer(0, rgb.Height - height), width, height), side,
                    side, ResampleFilter.Bilinear);
        }

        // No part of such a shape fits a very long image: its middle.
        return ClipPreprocess.ResizeAndCrop(rgb, side, ResampleFilter.Bilinear);
    }

    private static ImageBuffer Cut(ImageBuffer image, int left, int top, int width, int height)
    {
        var part = new byte[width * height * image.Channels];
        for (var row = 0; row < height; row++)
            image.Pixels.AsSpan(((top + row) * image.Width + left) * image.Channels, width * image.Channels)
                .CopyTo(part.AsSpan(row * width * image.Channels));
        return new(width, height, image.Channels, part);
    }
}
