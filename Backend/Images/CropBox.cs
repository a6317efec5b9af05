namespace Dashboard.Backend.Images;

/// <summary>
/// A square crop of <paramref name="Side"/> pixels: the part of the image that is copied, and where it lies in the crop.
/// An image that is smaller than the crop lies inside a filled canvas (IRN <c>misc/imutils.py</c>).
/// </summary>
/// <param name="Width">Of the copied part; likewise <paramref name="Height"/>.</param>
/// <param name="Left">Of the part in the crop; likewise <paramref name="Top"/>.</param>
/// <param name="ImageLeft">Of the part in the image; likewise <paramref name="ImageTop"/>.</param>
public readonly record struct CropBox(int Side, int Width, int Height, int Left, int Top, int ImageLeft, int ImageTop)
{
    /// <summary>Where the image is larger the part slides in the image, where it is smaller the image slides in the crop.</summary>
    /// <param name="offset">Given the free pixels n, chooses an offset in 0..n; asked for the horizontal one, then for the vertical one.</param>
    public static CropBox Place(ImageSize image, int side, Func<int, int> offset)
    {
        var x = offset(Math.Abs(image.Width - side));
        var y = offset(Math.Abs(image.Height - side));
        var (wide, high) = (image.Width > side, image.Height > side);
        return new(side, Math.Min(side, image.Width), Math.Min(side, image.Height), wide ? 0 : x, high ? 0 : y, wide ? x : 0, high ? y : 0);
    }

    public static CropBox TopLeft(ImageSize image, int side) => Place(image, side, _ => 0);

    /// <summary>An odd remainder rounds half to even, as Python's <c>round</c>.</summary>
    public static CropBox Centre(ImageSize image, int side) => Place(image, side, free => (int)Math.Round(free / 2.0));

    /// <summary>IRN <c>get_random_crop_box</c>: every placement is equally likely.</summary>
    public static CropBox Random(ImageSize image, int side, Random random) => Place(image, side, free => random.Next(free + 1));

    /// <summary>Cuts the box out of <paramref name="source"/>, <c>[H, W, channels]</c>.</summary>
    /// <param name="fill">
    /// What stands where the crop reaches beyond the image: 0 (after normalisation the mean colour), 255 (ignore) for labels.
    /// </param>
    /// <returns><c>[Side, Side, channels]</c>.</returns>
    public T[] Cut<T>(ReadOnlySpan<T> source, ImageSize size, int channels, T fill)
    {
        var crop = new T[Side * Side * channels];
        Array.Fill(crop, fill);
        for (var row = 0; row < Height; row++)
            source.Slice(((ImageTop + row) * size.Width + ImageLeft) * channels, Width * channels)
                .CopyTo(crop.AsSpan(((Top + row) * Side + Left) * channels));
        return crop;
    }

    /// <inheritdoc cref="Cut{T}"/>
    public ImageBuffer Cut(ImageBuffer image, byte fill) =>
        new(Side, Side, image.Channels, Cut<byte>(image.Pixels, image.Size, image.Channels, fill));
}
