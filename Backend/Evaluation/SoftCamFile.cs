using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Evaluation;

/// <summary>
/// Soft maps on disk, so that thresholds can be changed after the run. All little-endian:
/// "DashCAM" and a zero byte; int32 version 1; int32 width, height, number of maps; int32 bytes per value (4: float32, 2: float16);
/// an int32 class index a map; then the maps, row by row.
/// </summary>
public static class SoftCamFile
{
    private const int Version = 1;
    private const int HeaderBytes = 28;
    private const int MaxSide = 1 << 16;
    private const int MaxMaps = 254;

    private static ReadOnlySpan<byte> Magic => "DashCAM\0"u8;

    /// <summary>Where an image's maps lie in a run's <c>cams</c> folder.</summary>
    public static string PathOf(string folder, string id) => Path.Combine(folder, $"{id}.cam");

    /// <param name="half">Stores float16: half the size, values rounded to 3 digits.</param>
    /// <exception cref="IOException">The disk is full; nothing is left behind.</exception>
    public static void Write(string path, SoftCam cam, bool half = false) => WholeFile.Write(path, file =>
    {
        var header = new byte[HeaderBytes + 4 * cam.Classes.Count];
        Magic.CopyTo(header);
        int[] numbers = [Version, cam.Width, cam.Height, cam.Classes.Count, half ? 2 : 4, .. cam.Classes];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 4 * i), numbers[i]);
        file.Write(header);
        file.Write(half ? MemoryMarshal.AsBytes<Half>(Array.ConvertAll(cam.Maps, value => (Half)value)) : MemoryMarshal.AsBytes<float>(cam.Maps));
    });

    /// <exception cref="InvalidDataException">Not such a file, or damaged: names file and fault.</exception>
    public static SoftCam Read(string path)
    {
        using var file = File.OpenRead(path);
        var header = new byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan().StartsWith(Magic))
            throw Damaged(path, "it does not start as a file of soft maps");
        var version = Number(header, 0);
        var (width, height, count, size) = (Number(header, 1), Number(header, 2), Number(header, 3), Number(header, 4));
        if (version != Version)
            throw Damaged(path, $"it is of version {version}, this program reads version {Version}");
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide || count is < 0 or > MaxMaps || size is not (2 or 4))
            throw Damaged(path, $"its header says {count} maps of {width}x{height} with {size} bytes a value");
        var values = (long)count * width * height;
        var expected = HeaderBytes + 4L * count + values * size;
        if (file.Length != expected)
            throw Damaged(path, $"it has {file.Length} bytes, its header needs {expected}");
        if (values > Array.MaxLength / size)
            throw Damaged(path, $"its {values} values are more than one array can hold");

        var classes = Values<int>(file, count);
        if (classes.Any(k => k is < 0 or >= MaxMaps))
            throw Damaged(path, $"it names class {classes.First(k => k is < 0 or >= MaxMaps)}");
        return new(width, height, classes, size == 4 ? Values<float>(file, values) : Array.ConvertAll(Values<Half>(file, values), value => (float)value));
    }

    private static T[] Values<T>(FileStream file, long count) where T : unmanaged
    {
        var values = new T[count];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static int Number(byte[] header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(Magic.Length + 4 * index));

    private static InvalidDataException Damaged(string path, string fault) => new($"{path} cannot be read: {fault}. Make the maps again.");
}
