using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dashboard.Backend.Weights.Pickle;

/// <summary>
/// The part of Python's pickle (protocols 2 to 5) that files of data need: dicts, lists, tuples, numbers, strings, bytes, and what the vocabulary
/// adds.
/// It imports nothing and runs nothing of what the file names: any class or function outside the vocabulary is refused by its name, or a placeholder
/// stands for all
/// that it would make; any other opcode is refused by its number and place. Values refer to each other and may form circles, but nothing here follows
/// them.
/// </summary>
internal sealed class PickleReader(Stream stream, long maxBytes, PickleVocabulary vocabulary)
{
    /// <summary>Bounds the memory: an opcode is one byte in the file and can be a hundred here. Labels of all of COCO take three million.</summary>
    private const int MaxOpcodes = 8_000_000;

    private readonly PickleInput _input = new(stream, maxBytes);
    private readonly PickleStack _stack = new();
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>Reads one pickle from the stream's position on, and leaves the stream after it.</summary>
    /// <exception cref="InvalidDataException">Damaged, too long, or not data: names the byte at fault, as its place in the stream. A phrase without a
    /// full stop.</exception>
    public object? Read()
    {
        try
        {
            for (var opcodes = 0; opcodes < MaxOpcodes; opcodes++)
            {
                var opcode = _input.Byte();
                if (opcode == '.') // STOP
                    return _stack.Pop();
                Execute((char)opcode);
            }

            throw new PickleException($"more than {MaxOpcodes} opcodes");
        }
        catch (PickleException error)
        {
            throw new InvalidDataException($"its pickle has at byte {_input.Position} {error.Message}", error);
        }
    }

    private void Execute(char opcode)
    {
        switch (opcode)
        {
            case '\x80': _input.Byte(); break; // PROTO
            case '\x95': _input.Bytes(8); break; // FRAME

            case 'N': _stack.Push(null); break; // NONE
            case '\x88': _stack.Push(true); break; // NEWTRUE
            case '\x89': _stack.Push(false); break; // NEWFALSE
            case 'K': _stack.Push((long)_input.Byte()); break; // BININT1
            case 'M': _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(_input.Bytes(2))); break; // BININT2
            case 'J': _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(_input.Bytes(4))); break; // BININT
            case '\x8a': _stack.Push(Integer(_input.Bytes(_input.Byte()))); break; // LONG1
            case '\x8b': _stack.Push(Integer(_input.Bytes(_input.UInt32()))); break; // LONG4
            case 'G': _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(_input.Bytes(8))); break; // BINFLOAT
            case 'X': _stack.Push(Encoding.UTF8.GetString(_input.Bytes(_input.UInt32()))); break; // BINUNICODE
            case '\x8c': _stack.Push(Encoding.UTF8.GetString(_input.Bytes(_input.Byte()))); break; // SHORT_BINUNICODE
            case 'T': _stack.Push(Encoding.Latin1.GetString(_input.Bytes(_input.UInt32()))); break; // BINSTRING (Python 2)
            case 'U': _stack.Push(Encoding.Latin1.GetString(_input.Bytes(_input.Byte()))); break; // SHORT_BINSTRING (Python 2)
            case '\x8d': _stack.Push(Encoding.UTF8.GetString(_input.Bytes(_input.Length()))); break; // BINUNICODE8
            case 'B': _stack.Push(_input.Bytes(_input.UInt32())); break; // BINBYTES
            case '\x8e' or '\x96': _stack.Push(_input.Bytes(_input.Length())); break; // BINBYTES8, BYTEARRAY8
            case 'C': _stack.Push(_input.Bytes(_input.Byte())); break; // SHORT_BINBYTES

            case '(': _stack.Mark(); break; // MARK
            case '0': _stack.Pop(); break; // POP
            case '1': _stack.PopGroup(); break; // POP_MARK
            case ')': _stack.Push(Array.Empty<object?>()); break; // EMPTY_TUPLE
            case '\x85' or '\x86' or '\x87': _stack.Push(_stack.Pop(opcode - '\x84')); break; // TUPLE1, TUPLE2, TUPLE3
            case 't': _stack.Push(_stack.PopGroup()); break; // TUPLE
            case ']': _stack.Push(new List<object?>()); break; // EMPTY_LIST
            case 'l': _stack.Push(_stack.PopGroup().ToList()); break; // LIST
            case 'a': AddItems(_stack.Pop(1)); break; // APPEND
            case 'e': AddItems(_stack.PopGroup()); break; // APPENDS
            case '}': _stack.Push(new PickleDict()); break; // EMPTY_DICT
            case 'd': PushDict(_stack.PopGroup()); break; // DICT
            case 's': SetItems(_stack.Pop(2)); break; // SETITEM
            case 'u': SetItems(_stack.PopGroup()); break; // SETITEMS
            case '\x8f' when vocabulary.LeavesOut: _stack.Push(new PickleOpaque("set")); break; // EMPTY_SET
            case '\x90' when vocabulary.LeavesOut: AddItems(_stack.PopGroup()); break; // ADDITEMS
            case '\x91' when vocabulary.LeavesOut: _stack.PopGroup(); _stack.Push(new PickleOpaque("frozenset")); break; // FROZENSET

            case 'q': _memo[_input.Byte()] = _stack.Peek(); break; // BINPUT
            case 'r': _memo[_input.UInt32()] = _stack.Peek(); break; // LONG_BINPUT
            case '\x94': _memo[_memo.Count] = _stack.Peek(); break; // MEMOIZE
            case 'h': PushStored(_input.Byte()); break; // BINGET
            case 'j': PushStored(_input.UInt32()); break; // LONG_BINGET

            case 'c': PushGlobal(_input.Line(), _input.Line()); break; // GLOBAL
            case '\x93': PushGlobal(_stack.Pop(2)); break; // STACK_GLOBAL
            case 'R' or '\x81': Construct(_stack.Pop()); break; // REDUCE, NEWOBJ
            case '\x92': ConstructWithNames(); break; // NEWOBJ_EX
            case 'b': SetState(_stack.Pop()); break; // BUILD
            case 'Q': PushPersistent(_stack.Pop()); break; // BINPERSID

            default: throw new PickleException($"the pickle opcode 0x{(int)opcode:x2}, which data does not need");
        }
    }

    private static object Integer(byte[] littleEndian)
    {
        var value = new BigInteger(littleEndian);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private void AddItems(object?[] items)
    {
        if (_stack.Peek() is not PickleOpaque)
            _stack.Peek<List<object?>>("a list").AddRange(items);
    }

    private void PushDict(object?[] pairs)
    {
        _stack.Push(new PickleDict());
        SetItems(pairs);
    }

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
            throw new PickleException("a dict entry without a value");
        if (_stack.Peek() is PickleOpaque)
            return;
        var dict = _stack.Peek<PickleDict>("a dict");
        for (var i = 0; i < pairs.Length; i += 2)
            dict.Add(new(pairs[i], pairs[i + 1]));
    }

    private void PushStored(long key) =>
        _stack.Push(_memo.TryGetValue(key, out var value) ? value : throw new PickleException($"a reference to object {key}, which was not stored"));

    private void PushGlobal(params object?[] path)
    {
        var name = path is [string module, string member] ? $"{module}.{member}" : throw new PickleException("a name that is not text");
        _stack.Push(vocabulary.Find(name) ?? throw new PickleException($"{name}, which is refused: {vocabulary.Refusal}"));
    }

    private void Construct(object? arguments)
    {
        if (arguments is not object?[] given)
            throw new PickleException("a call without arguments");
        _stack.Push(_stack.Pop() switch
        {
            PickleGlobal function =>
                function.Construct?.Invoke(given) ?? throw new PickleException($"a call of {function.Name} with arguments that it does not take"),
            PickleOpaque function => new PickleOpaque(function.Name),
            _ => throw new PickleException("a call of something that is not a function"),
        });
    }

    /// <summary>No data needs arguments by name: those are let go.</summary>
    private void ConstructWithNames()
    {
        _stack.Pop();
        Construct(_stack.Pop());
    }

    private void SetState(object? state) => _stack.Peek<IPickledObject>("an object with a state").SetState(state);

    private void PushPersistent(object? id) =>
        _stack.Push(vocabulary.PersistentLoad is { } load ? load(id) : throw new PickleException("a reference to what lies outside of it"));
}
