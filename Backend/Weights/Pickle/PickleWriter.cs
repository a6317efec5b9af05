using System.Buffers.Binary;
using System.Text;

namespace Dashboard.Backend.Weights.Pickle;

/// <summary>Writes Python's pickle, opcode by opcode: values of plain data, and calls of the few constructors that tensors and arrays need.</summary>
internal sealed class PickleWriter
{
    private readonly Stream _stream;

    /// <param name="protocol">2, which torch.load takes with weights_only, or 3, which has bytes.</param>
    public PickleWriter(Stream stream, byte protocol)
    {
        _stream = stream;
        Write([0x80, protocol]); // PROTO
    }

    public void None() => Write("N"u8);

    public void Bool(bool value) => Write(value ? [0x88] : [0x89]); // NEWTRUE, NEWFALSE

    public void Int(long value)
    {
        switch (value)
        {
            case >= 0 and <= byte.MaxValue:
                Write([(byte)'K', (byte)value]); // BININT1
                break;
            case >= 0 and <= ushort.MaxValue:
                Number('M', 2, value); // BININT2
                break;
            case >= int.MinValue and <= int.MaxValue:
                Number('J', 4, value); // BININT
                break;
            default:
                Write([0x8a, 8]); // LONG1
                Bytes(8, value);
                break;
        }
    }

    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Number('X', 4, bytes.Length); // BINUNICODE
        Write(bytes);
    }

    /// <summary>From protocol 3 on.</summary>
    public void Binary(ReadOnlySpan<byte> bytes)
    {
        Number('B', 4, bytes.Length); // BINBYTES
        Write(bytes);
    }

    /// <summary>A function or class by its name.</summary>
    public void Global(string module, string name) => Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    /// <summary>A tuple of what <paramref name="items"/> writes.</summary>
    public void Tuple(Action items)
    {
        Write("("u8); // MARK
        items();
        Write("t"u8); // TUPLE
    }

    /// <summary>A list of what <paramref name="items"/> writes.</summary>
    public void List(Action items)
    {
        Write("]("u8); // EMPTY_LIST, MARK
        items();
        Write("e"u8); // APPENDS
    }

    /// <summary>A dict; <paramref name="entries"/> writes keys and values by turns.</summary>
    public void Dict(Action entries)
    {
        Write("}"u8); // EMPTY_DICT
        Entries(entries);
    }

    /// <summary>Puts entries into the dict that was written last.</summary>
    public void Entries(Action entries)
    {
        Write("("u8); // MARK
        entries();
        Write("u"u8); // SETITEMS
    }

    /// <summary>What a function gives for arguments.</summary>
    public void Call(string module, string name, Action arguments)
    {
        Global(module, name);
        Tuple(arguments);
        Write("R"u8); // REDUCE
    }

    /// <summary>Gives the object that was written last its state.</summary>
    public void State(Action state)
    {
        state();
        Write("b"u8); // BUILD
    }

    /// <summary>Refers to what lies outside of the pickle.</summary>
    public void Persistent(Action id)
    {
        id();
        Write("Q"u8); // BINPERSID
    }

    /// <summary>Nothing may be written after it.</summary>
    public void Stop() => Write("."u8);

    private void Number(char opcode, int size, long value)
    {
        Write([(byte)opcode]);
        Bytes(size, value);
    }

    private void Bytes(int size, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Write(bytes[..size]);
    }

    private void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);
}
