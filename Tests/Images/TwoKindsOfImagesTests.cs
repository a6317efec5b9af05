using System.Reflection;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;

namespace Dashboard.Tests.Images;

/// <summary>Numbers come from exact decoders; ImageSharp, which differs from them, makes pictures for eyes behind one folder.</summary>
public sealed class TwoKindsOfImagesTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(
        typeof(TwoKindsOfImagesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Fixtures").Value!,
        "..", ".."));

    [Fact]
    public void ImageSharp_IsNamedInItsFolderOnly()
    {
        var sources = new[] { "Backend", "Domain", "Web" }.SelectMany(project =>
            Directory.EnumerateFiles(Path.Combine(Root, project), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor").Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)).ToList();
        var naming = sources.Where(file => File.ReadAllText(Path.Combine(Root, file)).Contains("SixLabors", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(naming);
        Assert.All(naming, file => Assert.StartsWith("Backend/Images/Pictures/", file, StringComparison.Ordinal));
    }

    [Fact]
    public void ImageSharp_ShowsItsTypesToNobody()
    {
        var members = typeof(ImageFile).Assembly.GetTypes().SelectMany(type =>
            type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(_ => type.Namespace != "Dashboard.Backend.Images.Pictures"));
        Assert.DoesNotContain(members, member => (member switch
        {
            MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
            FieldInfo field => [field.FieldType],
            _ => [],
        }).Any(type => type.Assembly.GetName().Name!.StartsWith("SixLabors", StringComparison.Ordinal)));
    }

    [Fact]
    public void JpegAndPng_AreReadByTheExactDecoder() => Assert.All(ImageFixtures.Whole, file =>
    {
        var bytes = File.ReadAllBytes(file);
        Assert.Equal(new NativeImageCodec().Decode(bytes, file, ImageLimits.Default).ToRgb().Pixels, ImageFile.ReadRgb(file).Pixels);
    });

    /// <summary>Files that a full disk or a broken download has left: the data end early, whatever stands behind them.</summary>
    [Theory]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void Jpeg_WhoseDataEndEarly_IsRefusedThoughItHasAnEnd(double part)
    {
        var whole = ImageFixtures.Bytes("rgb_q75_420.jpg");
        var cut = whole[..(int)(part * whole.Length)];
        Assert.Throws<ImageException>(() => ImageFile.Decode([.. cut, 0xFF, 0xD9], "cut.jpg"));
        Assert.Throws<ImageException>(() => ImageFile.Decode([.. cut, .. new byte[whole.Length - cut.Length - 2], 0xFF, 0xD9], "zeros.jpg"));
    }
}
