namespace Dashboard.Backend.Images;

/// <summary>How much memory a file may ask for. Checked against the header, before anything is allocated for the pixels.</summary>
/// <param name="MaxPixels">Width times height; 100 megapixels are at most 400 MB decoded.</param>
/// <param name="MaxFileBytes">Size of the encoded file.</param>
/// <param name="MaxSide">Width and height: JPEG's own limit. Resampling a longer line takes many times its own memory.</param>
public sealed record ImageLimits(long MaxPixels = 100_000_000, long MaxFileBytes = 256L << 20, int MaxSide = 65_535)
{
    public static ImageLimits Default { get; } = new();

    /// <exception cref="ImageException">The size is beyond a limit.</exception>
    public void Require(string name, int width, int height)
    {
        if ((long)width * height > MaxPixels)
            throw new ImageException($"{name} declares {width}x{height} pixels; the limit is {MaxPixels / 1e6:0.#} megapixels.");
        if (Math.Max(width, height) > MaxSide)
            throw new ImageException($"{name} declares {width}x{height} pixels; a side may have {MaxSide:N0} at most. Cut it into pieces.");
    }
}
