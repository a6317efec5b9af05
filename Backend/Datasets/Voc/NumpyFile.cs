using System.Buffers.Binary;
using System.Text;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary><c>.npy</c> files that hold one Python object, as numpy.save writes a dict: a 0-dimensional object array.</summary>
internal static class NumpyFile
{
    private const int Header = 10;

    /// <summary>The object in a file.</summary>
    /// <param name="others">As of <see cref="NumpyPickle.Read"/>.</param>
    /// <exception cref="InvalidDataException">The file is something else, or damaged. A phrase without a full stop.</exception>
    public static object? Object(byte[] file, params IEnumerable<PickleGlobal> others)
    {
        using var pickle = new MemoryStream(file) { Position = HeaderLength(file) };
        // NumPy pickles the array around the object, with the object as the only item.
        return NumpyPickle.Read(pickle, file.Length, others) is var value && value is NumpyArray { Content: List<object?> { Count: 1 } items }
            ? items[0]
            : value;
    }

    /// <summary>Writes the header of a file whose pickle follows.</summary>
    public static void WriteHeader(Stream file)
    {
        const string text = "{'descr': '|O', 'fortran_order': False, 'shape': (), }";
        // The pickle begins at a multiple of 64.
        var padded = text.PadRight((Header + text.Length) / 64 * 64 + 64 - Header - 1) + "\n";
        file.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)padded.Length, (byte)(padded.Length >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(padded));
    }

    /// <summary>"\x93NUMPY", version, header length, header: a Python dict literal that must say object type and shape ().</summary>
    private static int HeaderLength(byte[] data)
    {
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
        if (data.Length < 12 || !data.AsSpan(0, 6).SequenceEqual(magic))
            throw new InvalidDataException("it is not a NumPy file");
        var start = data[6] == 1 ? Header : 12;
        long length =
            data[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(data.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(8));
        if (start + length > data.Length)
            throw new InvalidDataException("it ends too early");
        var header = Encoding.Latin1.GetString(data, start, (int)length).Replace(" ", "");
        if (!header.Contains("'descr':'|O'") || !header.Contains("'shape':()"))
            throw new InvalidDataException("it holds no 0-dimensional object array");
        return start + (int)length;
    }
}
