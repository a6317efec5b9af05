namespace Dashboard.Backend.Images;

/// <summary>Tells by a file's name whether it is an image, and whether it is read. The one list of both.</summary>
public static class ImageExtensions
{
    /// <summary>In lower case.</summary>
    public static IReadOnlyList<string> Readable { get; } = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>Images that are not read.</summary>
    private static readonly string[] Others =
        [".tif", ".tiff", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".ico", ".svg", ".psd", ".exr", ".dcm",
            ".cr2", ".nef", ".arw", ".dng"];

    public static bool IsReadable(string path) => Readable.Contains(Extension(path));

    /// <summary>Whether it is an image of a format that is not read.</summary>
    public static bool IsUnread(string path) => Others.Except(Readable).Contains(Extension(path));

    public static bool IsImage(string path) => IsReadable(path) || IsUnread(path);

    /// <summary>The name without folder and image extension; another extension belongs to it. Folders are separated as on any system.</summary>
    public static string Stem(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return IsImage(name) ? Path.GetFileNameWithoutExtension(name) : name;
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();
}
