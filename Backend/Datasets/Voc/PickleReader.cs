using System.Buffers.Binary;
using System.Text;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>
/// Reads the one pickle that <c>cls_labels.npy</c> is: a dict from int64 or string to float32 vectors, as NumPy writes it (protocols 2 to 4).
/// Nothing is imported and nothing is called: the four NumPy constructors that occur are known by name and rebuilt here as plain values; every other
/// name and every opcode that such a file does not need is refused.
/// </summary>
internal sealed class PickleReader(byte[] data, int start)
{
    private readonly Stack<object?> _stack = new();
    private readonly List<object?> _memo = [];
    private int _position = start;

    private static readonly object Mark = new();

    /// <summary>A constructor that the file names.</summary>
    private sealed record Name(string Module, string Member);

    /// <summary>A NumPy element type such as <c>f4</c>, <c>i8</c>, <c>O8</c>.</summary>
    internal sealed record ElementType(string Code);

    /// <summary>An array under construction: element type, and bytes or objects once its state is there.</summary>
    internal sealed class NumpyArray
    {
        public ElementType? Type { get; set; }
        public object? Content { get; set; }
    }

    /// <exception cref="InvalidDataException">The file is no such pickle: says which opcode or name is refused.</exception>
    public object? Read()
    {
        try
        {
            while (true)
            {
                var opcode = Byte();
                if (opcode == (byte)'.')
                    return _stack.Pop();
                Execute(opcode);
            }
        }
        catch (Exception error) when (error is InvalidOperationException or InvalidCastException or NullReferenceException or ArgumentException
            or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException($"the pickle is damaged near byte {_position}", error);
        }
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: Byte(); break; // PROTO
            case 0x95: Bytes(8); break; // FRAME
            case (byte)'(': _stack.Push(Mark); break; // MARK
            case (byte)')': _stack.Push(Array.Empty<object?>()); break; // EMPTY_TUPLE
            case 0x85: PushTuple(1); break; // TUPLE1
            case 0x86: PushTuple(2); break; // TUPLE2
            case 0x87: PushTuple(3); break; // TUPLE3
            case (byte)'t': _stack.Push(PopToMark()); break; // TUPLE
            case (byte)']': _stack.Push(new List<object?>()); break; // EMPTY_LIST
            case (byte)'a': Append(); break; // APPEND
            case (byte)'e': AppendAll(); break; // APPENDS
            case (byte)'}': _stack.Push(new Dictionary<object, object?>()); break; // EMPTY_DICT
            case (byte)'s': SetItem(); break; // SETITEM
            case (byte)'u': SetItems(); break; // SETITEMS
            case (byte)'N': _stack.Push(null); break; // NONE
            case 0x88: _stack.Push(true); break; // NEWTRUE
            case 0x89: _stack.Push(false); break; // NEWFALSE
            case (byte)'K': _stack.Push((long)Byte()); break; // BININT1
            case (byte)'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break; // BININT2
            case (byte)'J': _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break; // BININT
            case 0x8A: _stack.Push(LittleEndianInteger(Bytes(Byte()))); break; // LONG1
            case (byte)'X': _stack.Push(Encoding.UTF8.GetString(Bytes(Length(4)))); break; // BINUNICODE
            case 0x8C: _stack.Push(Encoding.UTF8.GetString(Bytes(Byte()))); break; // SHORT_BINUNICODE
            case (byte)'B': _stack.Push(Bytes(Length(4)).ToArray()); break; // BINBYTES
            case (byte)'C': _stack.Push(Bytes(Byte()).ToArray()); break; // SHORT_BINBYTES
            case (byte)'T': _stack.Push(Bytes(Length(4)).ToArray()); break; // BINSTRING (Python 2)
            case (byte)'U': _stack.Push(Bytes(Byte()).ToArray()); break; // SHORT_BINSTRING (Python 2)
            case (byte)'q': Memoize(Byte()); break; // BINPUT
            case (byte)'r': Memoize(Length(4)); break; // LONG_BINPUT
            case 0x94: Memoize(_memo.Count); break; // MEMOIZE
            case (byte)'h': _stack.Push(_memo[Byte()]); break; // BINGET
            case (byte)'j': _stack.Push(_memo[Length(4)]); break; // LONG_BINGET
            case (byte)'c': _stack.Push(Known(Line(), Line())); break; // GLOBAL
            case 0x93: PushKnown(); break; // STACK_GLOBAL
            case (byte)'R': Construct(); break; // REDUCE
            case (byte)'b': SetState(); break; // BUILD
            default: throw new InvalidDataException($"pickle opcode 0x{opcode:X2} at byte {_position - 1} is not allowed in a label file");
        }
    }

    private static Name Known(string module, string member) => (module, member) switch
    {
        ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct" or "scalar") => new("numpy", member),
        ("numpy", "ndarray" or "dtype") => new("numpy", member),
        ("_codecs", "encode") => new(module, member),
        _ => throw new InvalidDataException($"the name {module}.{member} is not allowed in a label file"),
    };

    private void PushKnown()
    {
        var member = (string)_stack.Pop()!;
        _stack.Push(Known((string)_stack.Pop()!, member));
    }

    private void Construct()
    {
        var arguments = (object?[])_stack.Pop()!;
        var name = (Name)_stack.Pop()!;
        _stack.Push(name.Member switch
        {
            "_reconstruct" => new NumpyArray(),
            "dtype" => new ElementType((string)Text(arguments[0])),
            "scalar" => Scalar((ElementType)arguments[0]!, (byte[])arguments[1]!),
            "encode" => Encoding.Latin1.GetBytes((string)arguments[0]!),
            _ => throw new InvalidDataException($"{name.Module}.{name.Member} is not a constructor"),
        });
    }

    /// <summary>The state of an array is (version, shape, type, is Fortran order, bytes or list); that of a type begins with (version, byte order).</summary>
    private void SetState()
    {
        var state = (object?[])_stack.Pop()!;
        switch (_stack.Peek())
        {
            case NumpyArray array:
                array.Type = (ElementType)state[2]!;
                array.Content = state[4];
                break;
            case ElementType when Equals(Text(state[1]), ">"):
                throw new InvalidDataException("numbers are stored big-endian");
            case ElementType:
                break;
            default:
                throw new InvalidDataException("an object that is no array has a state");
        }
    }

    private static object Scalar(ElementType type, byte[] value) => type.Code switch
    {
        "i8" => BinaryPrimitives.ReadInt64LittleEndian(value),
        "i4" => (long)BinaryPrimitives.ReadInt32LittleEndian(value),
        _ => throw new InvalidDataException($"a scalar of type {type.Code} is neither i4 nor i8"),
    };

    /// <summary>Python 2 strings are bytes.</summary>
    private static string Text(object? value) => value as string ?? Encoding.Latin1.GetString((byte[])value!);

    private void Append()
    {
        var item = _stack.Pop();
        ((List<object?>)_stack.Peek()!).Add(item);
    }

    private void AppendAll()
    {
        var items = PopToMark();
        ((List<object?>)_stack.Peek()!).AddRange(items);
    }

    private void SetItem()
    {
        var value = _stack.Pop();
        var key = Key(_stack.Pop());
        ((Dictionary<object, object?>)_stack.Peek()!)[key] = value;
    }

    private void SetItems()
    {
        var items = PopToMark();
        var dictionary = (Dictionary<object, object?>)_stack.Peek()!;
        for (var i = 0; i < items.Length; i += 2)
            dictionary[Key(items[i])] = items[i + 1];
    }

    private static object Key(object? key) => key is byte[] bytes ? Text(bytes) : key ?? throw new InvalidDataException("a key is None");

    private void PushTuple(int count)
    {
        var items = new object?[count];
        for (var i = count - 1; i >= 0; i--)
            items[i] = _stack.Pop();
        _stack.Push(items);
    }

    private object?[] PopToMark()
    {
        var items = new List<object?>();
        while (_stack.Pop() is var item && !ReferenceEquals(item, Mark))
            items.Add(item);
        items.Reverse();
        return [.. items];
    }

    private void Memoize(int index)
    {
        if (index > _memo.Count)
            throw new InvalidDataException("the memo has gaps");
        if (index == _memo.Count)
            _memo.Add(_stack.Peek());
        else
            _memo[index] = _stack.Peek();
    }

    private byte Byte() => Bytes(1)[0];

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > data.Length - _position)
            throw new InvalidDataException("the file ends too early");
        var bytes = data.AsSpan(_position, count);
        _position += count;
        return bytes;
    }

    private int Length(int bytes) => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(Bytes(bytes)));

    private string Line()
    {
        var end = Array.IndexOf(data, (byte)'\n', _position);
        if (end < 0)
            throw new InvalidDataException("the file ends too early");
        var line = Encoding.ASCII.GetString(data, _position, end - _position);
        _position = end + 1;
        return line;
    }

    /// <summary>Two's complement, shortest form.</summary>
    private static long LittleEndianInteger(ReadOnlySpan<byte> bytes) => checked((long)new System.Numerics.BigInteger(bytes));
}
