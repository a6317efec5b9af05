using Dashboard.Tests.Golden;

namespace Dashboard.Tests.Images;

/// <summary>The image files of the golden subject <c>image-codecs</c>.</summary>
internal static class ImageFixtures
{
    private static readonly string Folder = Path.Combine(GoldenCases.Root, "image-codecs");

    public static IEnumerable<string> Whole => Files("decode");

    public static IEnumerable<string> Corrupt => Files("corrupt");

    public static string At(string name) => Path.Combine(Folder, "decode", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(At(name));

    private static IEnumerable<string> Files(string part) =>
        Directory.EnumerateFiles(Path.Combine(Folder, part)).Where(file => Path.GetExtension(file) is ".jpg" or ".png").Order(StringComparer.Ordinal);
}
