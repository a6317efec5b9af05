using System.Text;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>Says what a file is that should have been an image, by its first bytes.</summary>
internal static class ContentKind
{
    private const int LooksAt = 64;

    /// <summary>"a TIFF image", "text (&lt;html&gt; ...)", "bytes that begin with 00010203".</summary>
    public static string Describe(ReadOnlySpan<byte> file)
    {
        var start = file[..Math.Min(LooksAt, file.Length)];
        if (start.Length >= 12 && start[4..].StartsWith("ftyp"u8))
            return start[8..].StartsWith("avif"u8)
                ? "an AVIF image"
                : start[8..].StartsWith("hei"u8) || start[8..].StartsWith("mif1"u8)
                ? "a HEIC image"
                : "a video";
        foreach (var (bytes, kind) in Kinds)
            if (start.StartsWith(bytes))
                return kind;
        return Text(start) is { } text ? $"text (“{text}”)" : $"bytes that begin with {Convert.ToHexString(start[..Math.Min(4, start.Length)])}";
    }

    private static readonly (byte[] Bytes, string Kind)[] Kinds =
    [
        ([0x49, 0x49, 0x2A, 0x00], "a TIFF image"),
        ([0x4D, 0x4D, 0x00, 0x2A], "a TIFF image"),
        ([0x49, 0x49, 0x2B, 0x00], "a TIFF image"),
        ([0x76, 0x2F, 0x31, 0x01], "an OpenEXR image of floating-point values"),
        ("#?RADIANCE"u8.ToArray(), "an HDR image of floating-point values"),
        ("PF\n"u8.ToArray(), "a PFM image of floating-point values"),
        ("Pf\n"u8.ToArray(), "a PFM image of floating-point values"),
        ("P5"u8.ToArray(), "a PGM image"),
        ("P6"u8.ToArray(), "a PPM image"),
        ([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50], "a JPEG 2000 image"),
        ([0x93, .. "NUMPY"u8], "a NumPy array"),
        ("8BPS"u8.ToArray(), "a Photoshop document"),
        ("%PDF"u8.ToArray(), "a PDF document"),
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"),
        ([0x1F, 0x8B], "a gzip archive"),
        ("version https://git-lfs"u8.ToArray(), "a Git LFS pointer: fetch the file itself with git lfs pull"),
    ];

    /// <summary>The first line, where everything is printable.</summary>
    private static string? Text(ReadOnlySpan<byte> start)
    {
        foreach (var letter in start)
            if (letter is < 0x20 and not (0x09 or 0x0A or 0x0D) or 0x7F)
                return null;
        var line = Encoding.UTF8.GetString(start).Split('\n')[0].Trim();
        return line.Length > 24 ? line[..24] + "..." : line;
    }
}
