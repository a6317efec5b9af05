namespace Dashboard.Backend.Images;

/// <summary>What a file may ask of memory. Checked against the header, before anything is allocated for the pixels.</summary>
/// <param name="MaxPixels">Width times height; 100 megapixels are at most 400 MB decoded.</param>
/// <param name="MaxFileBytes">Size of the encoded file.</param>
public sealed record ImageLimits(long MaxPixels = 100_000_000, long MaxFileBytes = 256L << 20)
{
    public static ImageLimits Default { get; } = new();
}
