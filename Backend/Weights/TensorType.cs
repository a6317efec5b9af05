namespace Dashboard.Backend.Weights;

/// <summary>The element types of checkpoint tensors.</summary>
public enum TensorType
{
    Float64,
    Float32,
    Float16,
    BFloat16,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt8,
    Bool,
}

public static class TensorTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.Float64 or TensorType.Int64 => 8,
        TensorType.Float32 or TensorType.Int32 => 4,
        TensorType.Float16 or TensorType.BFloat16 or TensorType.Int16 => 2,
        _ => 1,
    };

    /// <summary>Number of elements of a shape; null where a side is negative or the product overflows.</summary>
    public static long? CountOf(IReadOnlyList<long> shape)
    {
        var count = 1L;
        foreach (var side in shape)
        {
            if (side < 0 || (side > 0 && count > long.MaxValue / 8 / side))
                return null;
            count *= side;
        }

        return count;
    }
}
