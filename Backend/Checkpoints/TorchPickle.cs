using Dashboard.Backend.Pickle;

namespace Dashboard.Backend.Checkpoints;

/// <summary>The pickles of torch.save: plain values, tensors, and the storages that these are views of.</summary>
internal static class TorchPickle
{
    /// <summary>No state dict's structure needs more; the numbers themselves lie outside the pickle.</summary>
    public const long MaxBytes = 16 << 20;

    private const string Refusal = "checkpoints are data, never code. Save the state dict alone: torch.save(model.state_dict(), path)";

    private static readonly string[] DataTypes =
        ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "double", "float", "half", "long", "int", "short"];

    private static readonly Dictionary<string, PickleGlobal> Globals = new PickleGlobal[]
    {
        new("collections.OrderedDict", OrderedDict.Of),
        new("torch._utils._rebuild_tensor", Tensor),
        new("torch._utils._rebuild_tensor_v2", Tensor),
        new("torch._utils._rebuild_parameter", arguments => arguments is [TensorData tensor, ..] ? tensor : null),
        new("torch.device", arguments => arguments is [string device, ..] ? device : null),
        new("torch.Size", arguments => arguments is [object?[] sides] ? sides : null),
        new StorageType("torch.DoubleStorage", TensorType.Float64),
        new StorageType("torch.FloatStorage", TensorType.Float32),
        new StorageType("torch.HalfStorage", TensorType.Float16),
        new StorageType("torch.BFloat16Storage", TensorType.BFloat16),
        new StorageType("torch.LongStorage", TensorType.Int64),
        new StorageType("torch.IntStorage", TensorType.Int32),
        new StorageType("torch.ShortStorage", TensorType.Int16),
        new StorageType("torch.CharStorage", TensorType.Int8),
        new StorageType("torch.ByteStorage", TensorType.UInt8),
        new StorageType("torch.BoolStorage", TensorType.Bool),
    }.Concat(DataTypes.Select(type => new PickleGlobal($"torch.{type}"))).ToDictionary(known => known.Name);

    /// <summary>What TorchScript names beside these: its typed lists.</summary>
    private static readonly Dictionary<string, PickleGlobal> ScriptGlobals = Globals.Values.Concat(
    [
        new("torch.jit._pickle.build_intlist", List),
        new("torch.jit._pickle.build_doublelist", List),
        new("torch.jit._pickle.build_boollist", List),
        new("torch.jit._pickle.build_tensorlist", List),
        new("torch.jit._pickle.restore_type_tag", arguments => arguments is [var value, _] ? value : null),
    ]).ToDictionary(known => known.Name);

    /// <summary>Reads one pickle from the stream's position on, and leaves the stream after it.</summary>
    /// <param name="persistentLoad">Finds the storage that an id refers to, see <see cref="StorageOf"/>.</param>
    /// <param name="isScript">Whether it is TorchScript's: then classes under <c>__torch__</c> are modules, of which only the attributes are read.</param>
    /// <exception cref="CheckpointException">Damaged, too long, or not data: names the byte at fault.</exception>
    public static object? Read(string path, Stream stream, Func<object?, TensorStorage> persistentLoad, bool isScript = false)
    {
        try
        {
            var vocabulary = isScript ? new PickleVocabulary(ScriptGlobals, Refusal, persistentLoad, ScriptClass) : new(Globals, Refusal, persistentLoad);
            return new PickleReader(stream, MaxBytes, vocabulary).Read();
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(path, $"{error.Message}.", error);
        }
    }

    /// <summary>The persistent id by which torch.save refers to a storage: ("storage", type, key, location, count, ...).</summary>
    public static TensorStorage? StorageOf(object? id) =>
        id is object?[] and ["storage", StorageType { Type: var type }, string key, _, long and >= 0 and var count, ..] ? new(type, key, count) : null;

    private static PickleGlobal? ScriptClass(string name) =>
        name.StartsWith("__torch__.", StringComparison.Ordinal) ? new(name, arguments => arguments is [] ? new ScriptModule() : null) : null;

    private static List<object?>? List(object?[] arguments) => arguments is [List<object?> list] ? list : null;

    private static TensorData? Tensor(object?[] arguments) =>
        arguments is not [TensorStorage storage, long offset, object?[] shape, object?[] strides, ..]
            ? null
            : storage.View(offset, Sides(shape), Sides(strides)) ?? throw new PickleException(
                $"a tensor of shape [{string.Join(", ", shape)}] that does not lie within its storage '{storage.Key}' of {storage.Count} elements");

    private static long[] Sides(object?[] sides) => Array.ConvertAll(sides, side => side as long? ?? throw new PickleException("a shape or stride that is no whole number"));

    private sealed record StorageType(string Name, TensorType Type) : PickleGlobal(Name);

    private sealed class OrderedDict : PickleDict, IPickledObject
    {
        public static OrderedDict? Of(object?[] arguments) => arguments switch
        {
            [] => [],
            [List<object?> pairs] => [.. pairs.Select(Pair)],
            _ => null,
        };

        /// <summary>Modules hang "_metadata" on their state dict; nothing in it is needed.</summary>
        public void SetState(object? state)
        {
        }

        private static KeyValuePair<object?, object?> Pair(object? pair) => pair switch
        {
            object?[] and [var key, var value] => new(key, value),
            List<object?> and [var key, var value] => new(key, value),
            _ => throw new PickleException("an OrderedDict of what are no pairs"),
        };
    }
}
