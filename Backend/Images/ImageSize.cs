namespace Dashboard.Backend.Images;

/// <summary>Width and height in pixels, with the roundings of the reference code.</summary>
public readonly record struct ImageSize(int Width, int Height)
{
    public int Long => Math.Max(Width, Height);

    public int Short => Math.Min(Width, Height);

    /// <summary>
    /// Both sides times <paramref name="scale"/>, rounded half to even as <c>np.round</c> (IRN <c>pil_rescale</c>), but never to nothing.
    /// </summary>
    public ImageSize Scaled(double scale) => new(Math.Max(1, (int)Math.Round(Width * scale)), Math.Max(1, (int)Math.Round(Height * scale)));

    /// <summary>The same, with a long side of at most <paramref name="length"/>.</summary>
    public ImageSize Within(int length) => Long > length ? WithLongSide(length) : this;

    /// <summary>IRN <c>random_resize_long</c> with the random length given.</summary>
    public ImageSize WithLongSide(int length) => Scaled((double)length / Long);

    /// <summary>IRN <c>random_scale</c> and kin: the short side becomes <paramref name="length"/>, the other rounds half to even.</summary>
    public ImageSize WithShortSide(int length) => Scaled((double)length / Short);

    /// <summary>torchvision <c>Resize(length)</c>: the short side becomes <paramref name="length"/>, the other is cut off to an integer.</summary>
    public ImageSize WithShortSideTruncated(int length)
    {
        var other = (int)((double)((long)length * Long) / Short);
        return Width <= Height ? new(length, other) : new(other, length);
    }

    /// <summary>Positions of a map with one position every <paramref name="stride"/> pixels (IRN <c>get_strided_size</c>).</summary>
    public ImageSize Strided(int stride) => new((Width - 1) / stride + 1, (Height - 1) / stride + 1);

    /// <summary>The next multiple of <paramref name="stride"/> (IRN <c>get_strided_up_size</c>).</summary>
    public ImageSize StridedUp(int stride) => new(Strided(stride).Width * stride, Strided(stride).Height * stride);
}
