using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Dashboard.Tests.Golden;

/// <summary>An array of a NumPy <c>.npy</c> file (format 1.0 or 2.0, little-endian, C order; float32, float64, int64, uint8 or bool).</summary>
public sealed partial class NpyArray
{
    private readonly byte[] _data;

    private NpyArray(string path, string type, long[] shape, byte[] data) => (Path, Type, Shape, _data) = (path, type, shape, data);

    public string Path { get; }

    /// <summary>NumPy's type string without byte order: f4, f8, i8, u1 or b1.</summary>
    public string Type { get; }

    public long[] Shape { get; }

    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    public float[] Float32 => Values<float>("f4");
    public double[] Float64 => Values<double>("f8");
    public long[] Int64 => Values<long>("i8");
    public byte[] UInt8 => Type == "b1" ? Values<byte>("b1") : Values<byte>("u1");

    /// <summary>The values as double, whatever their type.</summary>
    public double[] AsDouble() => Type switch
    {
        "f4" => Array.ConvertAll(Float32, value => (double)value),
        "f8" => Float64,
        "i8" => Array.ConvertAll(Int64, value => (double)value),
        _ => Array.ConvertAll(UInt8, value => (double)value),
    };

    /// <exception cref="InvalidDataException">Not such a file: names it and what is wrong.</exception>
    public static NpyArray Read(string path)
    {
        var file = File.ReadAllBytes(path);
        if (file.Length < 12 || file[0] != 0x93 || !file.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw new InvalidDataException($"{path} is no .npy file.");
        var start = file[6] == 1 ? 10 : 12;
        var length =
            file[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8)) : (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(8));
        var header = Encoding.Latin1.GetString(file, start, length);

        var match = Header().Match(header);
        if (!match.Success)
            throw new InvalidDataException($"{path} has a header that is not read here: {header}");
        var shape = match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(size => long.Parse(size, CultureInfo.InvariantCulture)).ToArray();
        var array = new NpyArray(path, match.Groups["type"].Value, shape, file[(start + length)..]);
        var bytes = array.Count * (array.Type[1] - '0');
        if (array._data.Length != bytes)
            throw new InvalidDataException($"{path} holds {array._data.Length} bytes of values, its shape needs {bytes}.");
        return array;
    }

    private T[] Values<T>(string type) where T : unmanaged =>
        Type == type
            ? MemoryMarshal.Cast<byte, T>(_data).ToArray()
            : throw new InvalidDataException($"{Path} holds {Type}, not {type}.");

    [GeneratedRegex(@"'descr': '[<|](?<type>f4|f8|i8|u1|b1)', 'fortran_order': False, 'shape': \((?<shape>[0-9, ]*)\)")]
    private static partial Regex Header();
}
