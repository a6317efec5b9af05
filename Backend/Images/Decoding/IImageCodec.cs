namespace Dashboard.Backend.Images.Decoding;

/// <summary>
/// Reads image files that lie in memory, and writes those whose pixels are computed on. Thread-safe.
/// Behind an interface so that a build with another image library needs only one class.
/// </summary>
public interface IImageCodec
{
    /// <summary>Reads the header only.</summary>
    /// <param name="name">The file's name, for messages; its extension must fit the content.</param>
    /// <exception cref="ImageException">Of no format that is read, mislabelled, damaged, or larger than the limits.</exception>
    ImageInfo ReadInfo(ReadOnlySpan<byte> file, string name, ImageLimits limits);

    /// <summary>Decodes every pixel; a file that is truncated or damaged anywhere is refused, not filled up.</summary>
    /// <exception cref="ImageException">As for <see cref="ReadInfo"/>, or the image data is damaged.</exception>
    /// <param name="reduction">
    /// 1, 2, 4 or 8: by how much a JPEG is made smaller while it is decoded, each block of 8x8 pixels from its low frequencies alone. Sides are
    /// rounded up; other formats come as they are.
    /// </param>
    DecodedImage Decode(ReadOnlySpan<byte> file, string name, ImageLimits limits, int reduction = 1);

    /// <summary>8-bit indexed PNG.</summary>
    /// <param name="indices">One byte a pixel.</param>
    /// <param name="palette">RGB triples, at most 256.</param>
    /// <param name="compression">zlib level 0..9.</param>
    byte[] EncodeIndexedPng(int width, int height, ReadOnlySpan<byte> indices, ReadOnlySpan<byte> palette, int compression);

    /// <param name="image">Gray or RGB.</param>
    /// <param name="quality">1..100.</param>
    /// <exception cref="ArgumentException">The image has alpha, or a side of 0 or more than 65,500 pixels.</exception>
    byte[] EncodeJpeg(ImageBuffer image, int quality, ChromaSubsampling subsampling);
}

/// <summary>How many luma samples share one chroma sample in a JPEG.</summary>
public enum ChromaSubsampling
{
    /// <summary>4:4:4, none.</summary>
    None,

    /// <summary>4:2:2, two columns.</summary>
    Horizontal,

    /// <summary>4:2:0, two columns by two rows.</summary>
    Both,
}
