namespace Dashboard.Backend.Checkpoints;

/// <summary>A pickled dict: its entries in their order.</summary>
internal sealed class PickleDict : List<KeyValuePair<object?, object?>>;

/// <summary>A TorchScript module: its attributes alone, never its code.</summary>
internal sealed class PickleModule
{
    /// <summary>Parameters, buffers, submodules and settings; empty until the pickle has come to them.</summary>
    public PickleDict Attributes { get; set; } = [];
}

/// <summary>A function or class that a pickle names. Only those in <see cref="All"/> are known; naming one runs nothing.</summary>
internal sealed record PickleGlobal(string Name, TensorType? Storage = null)
{
    public const string OrderedDict = "collections.OrderedDict";
    public const string RebuildTensor = "torch._utils._rebuild_tensor";
    public const string RebuildTensorV2 = "torch._utils._rebuild_tensor_v2";
    public const string RebuildParameter = "torch._utils._rebuild_parameter";
    public const string Device = "torch.device";
    public const string Size = "torch.Size";

    public const string RestoreTypeTag = "torch.jit._pickle.restore_type_tag";
    public const string BuildIntList = "torch.jit._pickle.build_intlist";
    public const string BuildDoubleList = "torch.jit._pickle.build_doublelist";
    public const string BuildBoolList = "torch.jit._pickle.build_boollist";
    public const string BuildTensorList = "torch.jit._pickle.build_tensorlist";

    /// <summary>Stands for every class of a TorchScript archive.</summary>
    public const string ScriptModule = "__torch__";

    private static readonly string[] DataTypes =
        ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "double", "float", "half", "long", "int", "short"];

    public static IReadOnlyDictionary<string, PickleGlobal> All { get; } = new PickleGlobal[]
    {
        new(OrderedDict),
        new(RebuildTensor),
        new(RebuildTensorV2),
        new(RebuildParameter),
        new(Device),
        new(Size),
        new(RestoreTypeTag),
        new(BuildIntList),
        new(BuildDoubleList),
        new(BuildBoolList),
        new(BuildTensorList),
        new("torch.DoubleStorage", TensorType.Float64),
        new("torch.FloatStorage", TensorType.Float32),
        new("torch.HalfStorage", TensorType.Float16),
        new("torch.BFloat16Storage", TensorType.BFloat16),
        new("torch.LongStorage", TensorType.Int64),
        new("torch.IntStorage", TensorType.Int32),
        new("torch.ShortStorage", TensorType.Int16),
        new("torch.CharStorage", TensorType.Int8),
        new("torch.ByteStorage", TensorType.UInt8),
        new("torch.BoolStorage", TensorType.Bool),
    }.Concat(DataTypes.Select(type => new PickleGlobal($"torch.{type}"))).ToDictionary(known => known.Name);

    public static bool IsScriptModule(string? module) => module == ScriptModule || module?.StartsWith($"{ScriptModule}.", StringComparison.Ordinal) == true;
}

/// <summary>A block of numbers that tensors are views of.</summary>
/// <param name="Count">In elements.</param>
internal sealed record PickleStorage(TensorType Type, string Key, long Count)
{
    /// <summary>A view may repeat elements (torch's expand), but not so often that a small file fills the memory.</summary>
    private const int MaxRepeat = 16;
    private const int AlwaysAllowed = 4096;

    /// <summary>Reads a stretch: byte offset and number of bytes. Known once the file's layout is.</summary>
    public Func<long, long, byte[]>? Read { get; set; }

    /// <summary>The persistent id by which torch.save refers to a storage: ("storage", type, key, location, count, ...).</summary>
    public static PickleStorage? FromPersistentId(object? id) =>
        id is object?[] and ["storage", PickleGlobal { Storage: { } type }, string key, _, long and >= 0 and var count, ..] ? new(type, key, count) : null;

    /// <summary>torch._utils._rebuild_tensor: a strided view.</summary>
    /// <param name="offset">Of the first element, in elements; so are the strides.</param>
    /// <returns>Null where the view reaches beyond the storage, or repeats its elements beyond reason.</returns>
    public TensorData? View(long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || TensorTypes.CountOf(shape) is not { } count || count > Count * MaxRepeat + AlwaysAllowed || (count > 0 && Count == 0))
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
