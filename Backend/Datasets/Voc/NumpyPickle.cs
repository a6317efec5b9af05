using System.Buffers.Binary;
using System.Text;
using Dashboard.Backend.Pickle;

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
    /// <exception cref="InvalidDataException">Damaged, too long, or not data: names the byte at fault. A phrase without a full stop.</exception>
    public static object? Read(Stream stream, long maxBytes) => new PickleReader(stream, maxBytes, new(Globals, "label files are data, never code")).Read();

    /// <summary>Python 2 and protocol 2 have their bytes in a text.</summary>
    public static byte[]? Bytes(object? value) => value switch
    {
        byte[] bytes => bytes,
        string text => Encoding.Latin1.GetBytes(text),
        _ => null,
    };

    private static NumpyArray? NewArray(object?[] arguments) => arguments is [PickleGlobal { Name: "numpy.ndarray" }, ..] ? new() : null;

    private static object? Scalar(object?[] arguments) => arguments is not [NumpyType type, var value] ? null : (type.Code, Bytes(value)) switch
    {
        ("i8", { Length: 8 } bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ("i4", { Length: 4 } bytes) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => throw new PickleException($"a scalar of type {type.Code}, which is neither i4 nor i8"),
    };
}

/// <summary>An element type such as <c>f4</c>, <c>i8</c>, <c>O8</c>, little-endian.</summary>
internal sealed record NumpyType(string Code) : IPickledObject
{
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

    /// <summary>Bytes, see <see cref="NumpyPickle.Bytes"/>, or the list of objects.</summary>
    public object? Content { get; private set; }

    /// <summary>(version, shape, type, is Fortran order, content)</summary>
    public void SetState(object? state) => (Type, Content) = state is object?[] and [_, _, NumpyType type, _, var content]
        ? (type, content)
        : throw new PickleException("an array whose state is not known");
}
