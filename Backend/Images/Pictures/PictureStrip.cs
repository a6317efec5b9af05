using Dashboard.Backend.Images.Resizing;

namespace Dashboard.Backend.Images.Pictures;

/// <summary>Pictures side by side.</summary>
public static class PictureStrip
{
    private const int Gap = 4;
    private const byte Paper = 255;

    /// <param name="pictures">RGB, at least one; each is brought to the height of the first.</param>
    public static ImageBuffer Of(IReadOnlyList<ImageBuffer> pictures)
    {
        var height = pictures[0].Height;
        var level = pictures.Select(picture =>
            Resampling.Resize(picture, Math.Max(1, (int)((long)picture.Width * height / picture.Height)), height, ResampleFilter.Bilinear)).ToList();
        var width = level.Sum(picture => picture.Width) + Gap * (level.Count - 1);
        var pixels = new byte[checked(3 * width * height)];
        Array.Fill(pixels, Paper);
        var left = 0;
        foreach (var picture in level)
        {
            for (var y = 0; y < height; y++)
                picture.Pixels.AsSpan(3 * y * picture.Width, 3 * picture.Width).CopyTo(pixels.AsSpan(3 * (y * width + left)));
            left += picture.Width + Gap;
        }
        return new(width, height, 3, pixels);
    }
}
