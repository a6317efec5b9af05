using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Evaluation;

/// <summary>
/// Soft maps on disk, so that thresholds can be changed after the run. All little-endian:
/// "DashCAM" and a zero byte; int32 version 2; int32 width, height, number of maps; int32 bytes per value (4: float32, 2: float16);
/// an int32 class index a map; then the maps, row by row; then the SHA-256 of all that. Version 1 has no SHA-256, and is read too.
/// </summary>
public static class SoftCamFile
{
    private const int Version = 2;
    private const int Unsealed = 1;
    private const int HeaderBytes = 28;
    private const int MaxSide = 1 << 16;
    private const int MaxMaps = 254;

    private static ReadOnlySpan<byte> Magic => "DashCAM\0"u8;

    /// <summary>Where an image's maps lie in a run's <c>cams</c> folder.</summary>
    public static string PathOf(string folder, string id) => Path.Combine(folder, $"{id}.cam");

    /// <param name="half">Stores float16: half the size, values rounded to 3 digits.</param>
    /// <exception cref="IOException">The disk is full; nothing is left behind.</exception>
    public static void Write(string path, SoftCam cam, bool half = false) => WholeFile.Write(path, file => Write(file, cam, half));

    /// <inheritdoc cref="Write(string, SoftCam, bool)"/>
    public static void Write(Stream file, SoftCam cam, bool half)
    {
        var header = new byte[HeaderBytes + 4 * cam.Classes.Count];
        Magic.CopyTo(header);
        int[] numbers = [Version, cam.Width, cam.Height, cam.Classes.Count, half ? 2 : 4, .. cam.Classes];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 4 * i), numbers[i]);
        var maps = half ? MemoryMarshal.AsBytes<Half>(Array.ConvertAll(cam.Maps, value => (Half)value)) : MemoryMarshal.AsBytes<float>(cam.Maps);
        using var seal = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        seal.AppendData(header);
        seal.AppendData(maps);
        file.Write(header);
        file.Write(maps);
        file.Write(seal.GetHashAndReset());
    }

    /// <exception cref="InvalidDataException">Not such a file, or damaged: names file and fault.</exception>
    public static SoftCam Read(string path)
    {
        using var file = File.OpenRead(path);
        var header = new byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan().StartsWith(Magic))
            throw Damaged(path, "it does not start as a file of soft maps");
        var version = Number(header, 0);
        var (width, height, count, size) = (Number(header, 1), Number(header, 2), Number(header, 3), Number(header, 4));
        if (version is not (Version or Unsealed))
            throw Damaged(path, $"it is version {version}, but this program reads versions {Unsealed} and {Version}");
        if (width is < 1 or > MaxSide || height is < 1 or > MaxSide || count is < 0 or > MaxMaps || size is not (2 or 4))
            throw Damaged(path, $"its header says {count} maps of {width}x{height} with {size} bytes per value");
        var values = (long)count * width * height;
        var expected = HeaderBytes + 4L * count + values * size + (version == Unsealed ? 0 : SHA256.HashSizeInBytes);
        if (file.Length != expected)
            throw Damaged(path, $"it has {file.Length} bytes, but its header needs {expected}");
        if (values > Array.MaxLength / size)
            throw Damaged(path, $"its {values} values are more than one array can hold");

        using var seal = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        seal.AppendData(header);
        var classes = Values<int>(file, count, seal);
        var maps = size == 4 ? Values<float>(file, values, seal) : Array.ConvertAll(Values<Half>(file, values, seal), value => (float)value);
        if (version != Unsealed && !seal.GetHashAndReset().AsSpan().SequenceEqual(Values<byte>(file, SHA256.HashSizeInBytes, seal)))
            throw Damaged(path, "its content has changed since it was written: its SHA-256 differs");
        if (classes.Any(k => k is < 0 or >= MaxMaps))
            throw Damaged(path, $"it names class {classes.First(k => k is < 0 or >= MaxMaps)}");
        return new(width, height, classes, maps);
    }

    private static T[] Values<T>(FileStream file, long count, IncrementalHash seal) where T : unmanaged
    {
        var values = new T[count];
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        file.ReadExactly(bytes);
        seal.AppendData(bytes);
        return values;
    }

    private static int Number(byte[] header, int index) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(Magic.Length + 4 * index));

    private static InvalidDataException Damaged(string path, string fault) => new($"{path} cannot be read: {fault}. Make the maps again.");
}
