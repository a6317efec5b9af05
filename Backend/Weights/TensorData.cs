using System.Runtime.InteropServices;

namespace Dashboard.Backend.Weights;

/// <summary>A tensor of a checkpoint: its bytes are read from the file when they are asked for, and not kept.</summary>
public sealed class TensorData
{
    private readonly Func<byte[]> _read;

    /// <param name="shape">Sides, the outermost first; empty for a scalar.</param>
    /// <param name="read">Gives <see cref="ByteCount"/> bytes: little-endian, row by row.</param>
    /// <exception cref="ArgumentException">The shape is negative, or larger than one array can hold.</exception>
    public TensorData(TensorType type, IReadOnlyList<long> shape, Func<byte[]> read)
    {
        var count = TensorTypes.CountOf(shape);
        if (count is null || count * type.Size() > Array.MaxLength)
            throw new ArgumentException($"A tensor of shape [{string.Join(", ", shape)}] is larger than can be read.", nameof(shape));
        (Type, Shape, Count, _read) = (type, shape, count.Value, read);
    }

    public TensorType Type { get; }

    public IReadOnlyList<long> Shape { get; }

    public long Count { get; }

    public long ByteCount => Count * Type.Size();

    /// <summary>A float32 tensor in memory.</summary>
    public static TensorData Of(float[] values, params IReadOnlyList<long> shape) =>
        InMemory(TensorType.Float32, MemoryMarshal.AsBytes<float>(values), values.Length, shape);

    /// <summary>An int64 tensor in memory.</summary>
    public static TensorData Of(long[] values, params IReadOnlyList<long> shape) =>
        InMemory(TensorType.Int64, MemoryMarshal.AsBytes<long>(values), values.Length, shape);

    /// <summary>Little-endian, row by row.</summary>
    /// <exception cref="CheckpointException">The file was changed or removed after it was opened.</exception>
    public byte[] ToBytes() => _read();

    /// <summary>The values as float32, whatever their type; row by row.</summary>
    /// <exception cref="CheckpointException">The file was changed or removed after it was opened.</exception>
    public float[] ToFloats()
    {
        var bytes = ToBytes();
        return Type switch
        {
            TensorType.Float32 => As<float>(bytes).ToArray(),
            TensorType.Float64 => Convert<double>(bytes, value => (float)value),
            TensorType.Float16 => Convert<Half>(bytes, value => (float)value),
            TensorType.BFloat16 => Convert<ushort>(bytes, value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
            TensorType.Int64 => Convert<long>(bytes, value => value),
            TensorType.Int32 => Convert<int>(bytes, value => value),
            TensorType.Int16 => Convert<short>(bytes, value => value),
            TensorType.Int8 => Convert<sbyte>(bytes, value => value),
            _ => Convert<byte>(bytes, value => value),
        };
    }

    /// <summary>The values of an integer or bool tensor; row by row.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds floating-point numbers.</exception>
    public long[] ToInt64s()
    {
        var bytes = ToBytes();
        return Type switch
        {
            TensorType.Int64 => As<long>(bytes).ToArray(),
            TensorType.Int32 => Array.ConvertAll(As<int>(bytes).ToArray(), value => (long)value),
            TensorType.Int16 => Array.ConvertAll(As<short>(bytes).ToArray(), value => (long)value),
            TensorType.Int8 => Array.ConvertAll(As<sbyte>(bytes).ToArray(), value => (long)value),
            TensorType.UInt8 or TensorType.Bool => Array.ConvertAll(bytes, value => (long)value),
            _ => throw new InvalidOperationException($"The tensor holds {Type} values, not integers."),
        };
    }

    private static TensorData InMemory(TensorType type, ReadOnlySpan<byte> bytes, int count, IReadOnlyList<long> shape)
    {
        if (TensorTypes.CountOf(shape) != count)
            throw new ArgumentException($"{count} values do not fill the shape [{string.Join(", ", shape)}].", nameof(shape));
        var copy = bytes.ToArray();
        return new(type, shape, () => copy);
    }

    private static ReadOnlySpan<T> As<T>(byte[] bytes) where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    private static float[] Convert<T>(byte[] bytes, Func<T, float> convert) where T : unmanaged
    {
        var values = As<T>(bytes);
        var floats = new float[values.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = convert(values[i]);
        return floats;
    }
}
