namespace Dashboard.Backend.Images.Decoding;

/// <summary>Tells a file's format by its first bytes, and compares it with the name.</summary>
internal static class FileSignature
{
    private const string Read = "JPEG, PNG, WebP, BMP or GIF";

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];
    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="ImageException">Empty, of no format that is read, or named as the one and being the other.</exception>
    public static ImageFormat Recognise(ReadOnlySpan<byte> file, string name)
    {
        if (file.IsEmpty)
            throw new ImageException($"{name} is empty.");
        if (OfContent(file) is not { } format)
            throw new ImageException($"{name} is not an image in a format that is read ({Read}): its content is {ContentKind.Describe(file)}.");
        if (OfExtension(name) is { } named && named != format)
            throw new ImageException(
                $"{name} is mislabelled: its content is {(format == ImageFormat.WebP ? "WebP" : format.ToString().ToUpperInvariant())}. Rename it.");
        return format;
    }

    private static ImageFormat? OfContent(ReadOnlySpan<byte> file) =>
        file.StartsWith(Jpeg) ? ImageFormat.Jpeg
        : file.StartsWith(Png) ? ImageFormat.Png
        : file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..].StartsWith("WEBP"u8) ? ImageFormat.WebP
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? ImageFormat.Gif
        : file.StartsWith("BM"u8) && file.Length >= 26 && file[6..10].IndexOfAnyExcept((byte)0) < 0 ? ImageFormat.Bmp
        : null;

    /// <summary>Null where the extension is another, or there is none.</summary>
    private static ImageFormat? OfExtension(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".jpg" or ".jpeg" or ".jpe" or ".jfif" => ImageFormat.Jpeg,
        ".png" => ImageFormat.Png,
        ".webp" => ImageFormat.WebP,
        ".bmp" => ImageFormat.Bmp,
        ".gif" => ImageFormat.Gif,
        _ => null,
    };
}
