namespace Dashboard.Tests.Images;

/// <summary>Files that carry an EXIF orientation.</summary>
internal static class Exif
{
    /// <summary>A TIFF directory with the tag alone.</summary>
    public static byte[] Directory(int orientation) =>
        [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The same JPEG, with the tag.</summary>
    public static byte[] Jpeg(byte[] jpeg, int orientation)
    {
        byte[] payload = [.. "Exif\0\0"u8, .. Directory(orientation)];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(payload.Length + 2), .. payload, .. jpeg[2..]];
    }
}
