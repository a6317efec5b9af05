namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>A block of numbers that tensors are views of.</summary>
/// <param name="Count">In elements.</param>
internal sealed record TensorStorage(TensorType Type, string Key, long Count)
{
    /// <summary>A view may repeat elements (torch's expand), but not so often that a small file fills the memory.</summary>
    private const int MaxRepeat = 16;
    private const int AlwaysAllowed = 4096;

    /// <summary>Reads a stretch: byte offset and number of bytes. Known once the file's layout is.</summary>
    public Func<long, long, byte[]>? Read { get; set; }

    /// <summary>torch._utils._rebuild_tensor: a strided view.</summary>
    /// <param name="offset">Of the first element, in elements; so are the strides.</param>
    /// <returns>Null where the view reaches beyond the storage, or repeats its elements beyond reason.</returns>
    public TensorData? View(long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || TensorTypes.CountOf(shape) is not { } count || count > Count * MaxRepeat + AlwaysAllowed
            || (count > 0 && Count == 0))
            return null;
        if (count == 0)
            return new(Type, shape, () => []);
        var last = offset;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (strides[axis] < 0 || (shape[axis] > 1 && strides[axis] > (Count - last) / (shape[axis] - 1)))
                return null;
            last += (shape[axis] - 1) * strides[axis];
        }

        if (last >= Count || (last - offset + 1) * Type.Size() > Array.MaxLength)
            return null;
        return new(Type, shape, () =>
        {
            var stretch = Read!(offset * Type.Size(), (last - offset + 1) * Type.Size());
            return IsContiguous(shape, strides) ? stretch : Gather(stretch, shape, strides, count);
        });
    }

    private static bool IsContiguous(long[] shape, long[] strides)
    {
        var expected = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] != 1 && strides[axis] != expected)
                return false;
            expected *= shape[axis];
        }

        return true;
    }

    private byte[] Gather(byte[] stretch, long[] shape, long[] strides, long count)
    {
        var size = Type.Size();
        var gathered = new byte[count * size];
        var position = new long[shape.Length];
        for (long i = 0, from = 0; i < count; i++)
        {
            stretch.AsSpan((int)(from * size), size).CopyTo(gathered.AsSpan((int)(i * size)));
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++position[axis] < shape[axis])
                    break;
                from -= strides[axis] * shape[axis];
                position[axis] = 0;
            }
        }

        return gathered;
    }
}
