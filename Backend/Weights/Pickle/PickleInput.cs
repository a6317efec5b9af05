using System.Buffers.Binary;
using System.Text;

namespace Dashboard.Backend.Weights.Pickle;

/// <summary>The bytes of a pickle, from the stream's position on. Nothing is allocated before the file is known to hold it.</summary>
internal sealed class PickleInput(Stream stream, long maxBytes)
{
    private readonly long _limit = Math.Min(stream.Length, stream.Position + maxBytes);

    /// <summary>Of the next byte, in the stream.</summary>
    public long Position { get; private set; } = stream.Position;

    public byte Byte()
    {
        var value = Position < _limit ? stream.ReadByte() : -1;
        if (value < 0)
            throw Ends();
        Position++;
        return (byte)value;
    }

    public byte[] Bytes(long count)
    {
        if (count < 0 || count > _limit - Position)
            throw Ends();
        var bytes = new byte[count];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Ends();
        Position += count;
        return bytes;
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    /// <summary>Eight bytes; what does not fit is more than any file has.</summary>
    public long Length() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public string Line()
    {
        var line = new StringBuilder();
        for (var next = Byte(); next != '\n'; next = Byte())
            line.Append((char)next);
        return line.ToString();
    }

    private InvalidDataException Ends() =>
        new(_limit < stream.Length
            ? $"its pickle is longer than {maxBytes >> 20} MiB"
            : $"its pickle ends at byte {Position}, in the middle. The file is truncated");
}
