using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Dashboard.Backend.Checkpoints;

/// <summary>
/// The part of Python's pickle that state dicts need: dicts, lists, tuples, numbers, strings and tensors. It calls nothing:
/// any class or function but <see cref="PickleGlobal.All"/> is refused by its name, any other opcode by its number and place.
/// </summary>
/// <param name="scriptModules">Whether it is TorchScript's: then classes under <c>__torch__</c> are modules, of which only the attributes are read.</param>
internal sealed class PickleReader(string path, Stream stream, long length, Func<object?, object> persistentLoad, bool scriptModules = false)
{
    /// <summary>No state dict's structure needs more; the numbers themselves lie outside the pickle.</summary>
    public const long MaxBytes = 16 << 20;

    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private readonly long _limit = Math.Min(length, MaxBytes);
    private long _at;

    /// <summary>Bytes read so far; after <see cref="Read"/> the length of the pickle.</summary>
    public long Position => _at;

    /// <exception cref="CheckpointException">Damaged, too long, or not data: names the byte at fault.</exception>
    public object? Read()
    {
        while (true)
        {
            var opcode = Byte();
            switch ((char)opcode)
            {
                case '.': // STOP
                    return Pop();
                case '\x80': // PROTO
                    Byte();
                    break;
                case 'q': // BINPUT
                    _memo[Byte()] = Peek();
                    break;
                case '\x95': // FRAME
                    Bytes(8);
                    break;
                case 'r': // LONG_BINPUT
                    _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek();
                    break;
                case '\x94': // MEMOIZE
                    _memo[_memo.Count] = Peek();
                    break;
                case 'h': // BINGET
                    Recall(Byte());
                    break;
                case 'j': // LONG_BINGET
                    Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)));
                    break;
                case '(': // MARK
                    _marks.Add(_stack.Count);
                    break;
                case '0': // POP
                    Pop();
                    break;
                case 'N': // NONE
                    _stack.Add(null);
                    break;
                case '\x88': // NEWTRUE
                    _stack.Add(true);
                    break;
                case '\x89': // NEWFALSE
                    _stack.Add(false);
                    break;
                case 'K': // BININT1
                    _stack.Add((long)Byte());
                    break;
                case 'M': // BININT2
                    _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                    break;
                case 'J': // BININT
                    _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                    break;
                case '\x8a': // LONG1
                    _stack.Add(Integer(Bytes(Byte())));
                    break;
                case 'G': // BINFLOAT
                    _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                    break;
                case 'X': // BINUNICODE
                    _stack.Add(Encoding.UTF8.GetString(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))));
                    break;
                case '\x8c': // SHORT_BINUNICODE
                    _stack.Add(Encoding.UTF8.GetString(Bytes(Byte())));
                    break;
                case 'T': // BINSTRING
                    _stack.Add(Encoding.Latin1.GetString(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))));
                    break;
                case 'U': // SHORT_BINSTRING
                    _stack.Add(Encoding.Latin1.GetString(Bytes(Byte())));
                    break;
                case 'B': // BINBYTES
                    _stack.Add(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                    break;
                case 'C': // SHORT_BINBYTES
                    _stack.Add(Bytes(Byte()));
                    break;
                case ']': // EMPTY_LIST
                    _stack.Add(new List<object?>());
                    break;
                case '}': // EMPTY_DICT
                    _stack.Add(new PickleDict());
                    break;
                case ')': // EMPTY_TUPLE
                    _stack.Add(Array.Empty<object?>());
                    break;
                case '\x85' or '\x86' or '\x87': // TUPLE1, TUPLE2, TUPLE3
                    _stack.Add(PopMany(opcode - 0x84));
                    break;
                case 't': // TUPLE
                    _stack.Add(PopToMark());
                    break;
                case 'l': // LIST
                    _stack.Add(PopToMark().ToList());
                    break;
                case 'd': // DICT
                    var pairs = PopToMark();
                    _stack.Add(new PickleDict());
                    SetItems(pairs);
                    break;
                case 'a': // APPEND
                    var item = Pop();
                    Top<List<object?>>("a list").Add(item);
                    break;
                case 'e': // APPENDS
                    var items = PopToMark();
                    Top<List<object?>>("a list").AddRange(items);
                    break;
                case 's': // SETITEM
                    SetItems(PopMany(2));
                    break;
                case 'u': // SETITEMS
                    SetItems(PopToMark());
                    break;
                case 'c': // GLOBAL
                    _stack.Add(Global(Line(), Line()));
                    break;
                case '\x93': // STACK_GLOBAL
                    var name = Pop() as string;
                    _stack.Add(Global(Pop() as string, name));
                    break;
                case 'R' or '\x81': // REDUCE, NEWOBJ
                    var arguments = Pop() as object?[] ?? throw Fault("a call without arguments");
                    _stack.Add(Call(Pop() as PickleGlobal ?? throw Fault("a call of what is no function"), arguments));
                    break;
                case 'b': // BUILD
                    var state = Pop();
                    if (Peek() is PickleModule module)
                        module.Attributes = state as PickleDict ?? throw Fault("a module whose attributes are no dict");
                    else
                        // Modules hang "_metadata" on their state dict; nothing in it is needed.
                        Top<PickleDict>("a dict");
                    break;
                case 'Q': // BINPERSID
                    _stack.Add(persistentLoad(Pop()));
                    break;
                default:
                    throw Fault($"the pickle opcode 0x{opcode:x2}, which no state dict needs");
            }
        }
    }

    private object? Call(PickleGlobal function, object?[] arguments) => (function.Name, arguments) switch
    {
        (PickleGlobal.OrderedDict, []) => new PickleDict(),
        (PickleGlobal.OrderedDict, [List<object?> pairs]) => ToDict(pairs),
        (PickleGlobal.RebuildTensor or PickleGlobal.RebuildTensorV2, [PickleStorage storage, long offset, object?[] shape, object?[] strides, ..]) =>
            storage.View(offset, Sides(shape), Sides(strides))
            ?? throw Fault($"a tensor of shape [{string.Join(", ", shape)}] that does not lie within its storage '{storage.Key}' of {storage.Count} elements"),
        (PickleGlobal.RebuildParameter, [TensorData tensor, ..]) => tensor,
        (PickleGlobal.Device, [string device, ..]) => device,
        (PickleGlobal.Size, [object?[] sides]) => sides,
        (PickleGlobal.ScriptModule, []) => new PickleModule(),
        (PickleGlobal.RestoreTypeTag, [var value, _]) => value,
        (PickleGlobal.BuildIntList or PickleGlobal.BuildDoubleList or PickleGlobal.BuildBoolList or PickleGlobal.BuildTensorList, [List<object?> list]) => list,
        _ => throw Fault($"a call of {function.Name} with arguments that it does not take"),
    };

    private PickleDict ToDict(List<object?> pairs)
    {
        var dict = new PickleDict();
        foreach (var pair in pairs)
        {
            var (key, value) = pair switch
            {
                object?[] and [var first, var second] => (first, second),
                List<object?> and [var first, var second] => (first, second),
                _ => throw Fault("an OrderedDict of what are no pairs"),
            };
            dict.Add(new(key, value));
        }

        return dict;
    }

    private long[] Sides(object?[] sides) => Array.ConvertAll(sides, side => side as long? ?? throw Fault("a shape or stride that is no whole number"));

    private PickleGlobal Global(string? module, string? name) =>
        PickleGlobal.All.TryGetValue($"{module}.{name}", out var known) ? known
            : scriptModules && PickleGlobal.IsScriptModule(module) ? new(PickleGlobal.ScriptModule)
            : throw Fault($"{module}.{name}, which is refused: checkpoints are data, never code. Save the state dict alone: torch.save(model.state_dict(), path)");

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0)
            throw Fault("a dict entry without a value");
        var dict = Top<PickleDict>("a dict");
        for (var i = 0; i < pairs.Length; i += 2)
            dict.Add(new(pairs[i], pairs[i + 1]));
    }

    private void Recall(long key) => _stack.Add(_memo.TryGetValue(key, out var value) ? value : throw Fault($"a reference to object {key}, which was not stored"));

    private static object Integer(byte[] littleEndian)
    {
        var value = new BigInteger(littleEndian);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private T Top<T>(string what) where T : class => Peek() as T ?? throw Fault($"an entry for what is not {what}");

    private object? Peek() => _stack.Count > Floor ? _stack[^1] : throw Fault("an opcode that needs more values than there are");

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    private object?[] PopMany(int count)
    {
        if (_stack.Count - Floor < count)
            throw Fault("an opcode that needs more values than there are");
        var values = _stack.GetRange(_stack.Count - count, count).ToArray();
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
            throw Fault("the end of a group that was not begun");
        var values = PopMany(_stack.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private string Line()
    {
        var line = new StringBuilder();
        for (var next = Byte(); next != '\n'; next = Byte())
            line.Append((char)next);
        return line.ToString();
    }

    private byte Byte()
    {
        var value = _at < _limit ? stream.ReadByte() : -1;
        if (value < 0)
            throw Ends();
        _at++;
        return (byte)value;
    }

    private byte[] Bytes(long count)
    {
        if (count > _limit - _at)
            throw Ends();
        var bytes = new byte[count];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Ends();
        _at += count;
        return bytes;
    }

    private CheckpointException Ends() => new(path, _limit == MaxBytes ? $"its pickle is longer than {MaxBytes >> 20} MiB." : $"its pickle ends at byte {_at}, in the middle. The file is cut.");

    private CheckpointException Fault(string what) => new(path, $"its pickle has at byte {_at} {what}.");
}
