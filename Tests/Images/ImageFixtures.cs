using System.Reflection;

namespace Dashboard.Tests.Images;

/// <summary>The image files of the golden subject <c>image-codecs</c>, of this repository even where DASHBOARD_FIXTURES names other cases.</summary>
internal static class ImageFixtures
{
    private static readonly string Folder = Path.Combine(
        typeof(ImageFixtures).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Fixtures").Value!, "image-codecs");

    public static IEnumerable<string> Whole => Files("decode");

    public static IEnumerable<string> Corrupt => Files("corrupt");

    public static string At(string name) => Path.Combine(Folder, "decode", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(At(name));

    private static IEnumerable<string> Files(string part) =>
        Directory.EnumerateFiles(Path.Combine(Folder, part)).Where(file => Path.GetExtension(file) is ".jpg" or ".png").Order(StringComparer.Ordinal);
}
