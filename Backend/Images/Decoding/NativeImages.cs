using System.Runtime.InteropServices;

namespace Dashboard.Backend.Images.Decoding;

/// <summary>The entries of native/images.h. Each returns 0, or -1 with a sentence in <c>message</c>.</summary>
internal static unsafe partial class NativeImages
{
    private const string Library = "dashboard_images";

    public const int MessageLength = 256;

    public struct Header
    {
        public int Width, Height, Layout, BitDepth, PaletteCount;
        public fixed byte Palette[1024];
    }

    [LibraryImport(Library, EntryPoint = "images_jpeg_header")]
    public static partial int JpegHeader(byte* file, nuint size, Header* header, byte* message);

    [LibraryImport(Library, EntryPoint = "images_jpeg_decode")]
    public static partial int JpegDecode(byte* file, nuint size, int reduction, byte* pixels, nuint capacity, long memoryLimit, byte* message);

    [LibraryImport(Library, EntryPoint = "images_jpeg_encode")]
    public static partial int JpegEncode(
        byte* pixels, int width, int height, int channels, int quality, int h, int v, byte** encoded, nuint* encodedSize, byte* message);

    [LibraryImport(Library, EntryPoint = "images_png_header")]
    public static partial int PngHeader(byte* file, nuint size, Header* header, byte* message);

    [LibraryImport(Library, EntryPoint = "images_png_decode")]
    public static partial int PngDecode(byte* file, nuint size, byte* pixels, nuint capacity, byte* message);

    [LibraryImport(Library, EntryPoint = "images_png_encode")]
    public static partial int PngEncode(
        byte* indices, int width, int height, byte* palette, int paletteCount, int compression, byte** encoded, nuint* encodedSize, byte* message);

    [LibraryImport(Library, EntryPoint = "images_free")]
    public static partial void Free(byte* encoded);
}
