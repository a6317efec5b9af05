using System.Buffers.Binary;
using System.Text;
using Dashboard.Backend.Runs.Database;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>The pickles of NumPy: plain values, and arrays, whose four constructors are rebuilt here as plain values.</summary>
internal static class NumpyPickle
{
    private static readonly Dictionary<string, PickleGlobal> Globals = new PickleGlobal[]
    {
        new("numpy.core.multiarray._reconstruct", NewArray),
        new("numpy._core.multiarray._reconstruct", NewArray),
        new("numpy.core.multiarray.scalar", Scalar),
        new("numpy._core.multiarray.scalar", Scalar),
        new("numpy.ndarray"),
        new("numpy.dtype", arguments => arguments is [string code, ..] ? new NumpyType(code) : null),
        // Protocol 2 has no bytes: they are written as the text that encodes to them.
        new("_codecs.encode", arguments => arguments is [string text, "latin1"] ? text : null),
    }.ToDictionary(known => known.Name);

    /// <summary>Reads one pickle from the stream's position on.</summary>
    /// <param name="others">What else it may name: PyTorch's tensors in the maps of IRN.</param>
    /// <exception cref="InvalidDataException">Damaged, too long, or not data: names the byte at fault. A phrase without a full stop.</exception>
    public static object? Read(Stream stream, long maxBytes, params IEnumerable<PickleGlobal> others) =>
        new PickleReader(stream, maxBytes, new(others.Concat(Globals.Values).ToDictionary(known => known.Name), "such files are data, never code"))
            .Read();

    /// <summary>Python 2 and protocol 2 have their bytes in a text.</summary>
    public static byte[]? Bytes(object? value) => value switch
    {
        byte[] bytes => bytes,
        string text => Encoding.Latin1.GetBytes(text),
        _ => null,
    };

    /// <summary>An array of any numeric type, or a list or tuple of numbers. Null where it is something else.</summary>
    public static IReadOnlyList<double>? Numbers(object? value) => value switch
    {
        NumpyArray { Type: { } type, Content: List<object?> items } when type.Code.StartsWith('O') => Numbers(items),
        NumpyArray { Type: { } type, Content: var content } when Bytes(content) is { } bytes => Elements(type, bytes),
        IReadOnlyList<object?> items when items.All(item => Number(item) is not null) => [.. items.Select(item => Number(item)!.Value)],
        _ => null,
    };

    private static double? Number(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => null,
    };

    private static IReadOnlyList<double>? Elements(NumpyType type, byte[] bytes) =>
        type.Size is var size && size > 0 && bytes.Length % size == 0
            ? [.. Enumerable.Range(0, bytes.Length / size).Select(i => Number(type.Element(bytes.AsSpan(i * size, size)))!.Value)]
            : null;

    private static NumpyArray? NewArray(object?[] arguments) => arguments is [PickleGlobal { Name: "numpy.ndarray" }, ..] ? new() : null;

    private static object? Scalar(object?[] arguments)
    {
        if (arguments is not [NumpyType type, var value] || Bytes(value) is not { } bytes)
            return null;
        if (type.Code.StartsWith('U') && bytes.Length % 4 == 0)
            return Encoding.UTF32.GetString(bytes).TrimEnd('\0');
        return type.Size > 0 && bytes.Length == type.Size
            ? type.Element(bytes)
            : throw new PickleException($"a scalar of type {type.Code}, which is not a number");
    }
}

/// <summary>An element type such as <c>f4</c>, <c>i8</c>, <c>O8</c>, little-endian.</summary>
internal sealed record NumpyType(string Code) : IPickledObject
{
    /// <summary>Bytes of an element; 0 where it is not a number.</summary>
    public int Size => Code switch
    {
        "b1" or "i1" or "u1" => 1,
        "i2" or "u2" or "f2" => 2,
        "i4" or "u4" or "f4" => 4,
        "i8" or "u8" or "f8" => 8,
        _ => 0,
    };

    /// <summary>A bool, long or double, as a pickle's own numbers are.</summary>
    /// <param name="bytes">As many as <see cref="Size"/>.</param>
    public object Element(ReadOnlySpan<byte> bytes) => Code switch
    {
        "b1" => bytes[0] != 0,
        "i1" => (long)(sbyte)bytes[0],
        "u1" => (long)bytes[0],
        "i2" => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
        "u2" => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        "f2" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        "i4" => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "u4" => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        "f4" => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "i8" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        "u8" => (double)BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        "f8" => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        _ => throw new InvalidOperationException($"{Code} is not a number."),
    };

    /// <summary>(version, byte order, ...)</summary>
    public void SetState(object? state)
    {
        if (state is not (object?[] and [_, string order, ..]))
            throw new PickleException("an element type whose state is not known");
        if (order == ">")
            throw new PickleException("numbers that are stored big-endian");
    }
}

/// <summary>An array, empty until its state is there.</summary>
internal sealed class NumpyArray : IPickledObject
{
    public NumpyType? Type { get; private set; }

    /// <summary>Sides, the outermost first; null where they are no whole numbers.</summary>
    public IReadOnlyList<long>? Shape { get; private set; }

    /// <summary>Whether the first index runs fastest.</summary>
    public bool IsFortran { get; private set; }

    /// <summary>Bytes, see <see cref="NumpyPickle.Bytes"/>, or the list of objects.</summary>
    public object? Content { get; private set; }

    /// <summary>(version, shape, type, is Fortran order, content)</summary>
    public void SetState(object? state) => (Type, Shape, IsFortran, Content) = state is object?[] and [_, var shape, NumpyType type, var order,
    var content]
        ? (type, shape is object?[] sides && sides.All(side => side is long) ? [.. sides.Select(side => (long)side!)] : (IReadOnlyList<long>?)null,
        order is true or 1L, content)
        : throw new PickleException("an array whose state is not known");
}
