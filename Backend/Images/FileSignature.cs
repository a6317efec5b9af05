namespace Dashboard.Backend.Images;

/// <summary>Tells a file's format by its first bytes, and compares it with the name.</summary>
internal static class FileSignature
{
    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];
    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="ImageException">Empty, neither JPEG nor PNG, or named as the one and being the other.</exception>
    public static ImageFormat Recognise(ReadOnlySpan<byte> file, string name)
    {
        if (file.IsEmpty)
            throw new ImageException($"{name} is empty.");
        if (!file.StartsWith(Jpeg) && !file.StartsWith(Png))
            throw new ImageException($"{name} is neither a JPEG nor a PNG: its content is {ContentKind.Describe(file)}.");
        var format = file.StartsWith(Jpeg) ? ImageFormat.Jpeg : ImageFormat.Png;
        if (OfExtension(name) is { } named && named != format)
            throw new ImageException($"{name} is mislabelled: its content is {format.ToString().ToUpperInvariant()}. Rename it.");
        return format;
    }

    /// <summary>Null where the extension is another, or there is none.</summary>
    private static ImageFormat? OfExtension(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".jpg" or ".jpeg" or ".jpe" or ".jfif" => ImageFormat.Jpeg,
        ".png" => ImageFormat.Png,
        _ => null,
    };
}
