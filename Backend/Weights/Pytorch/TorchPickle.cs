using System.Text;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>
/// The pickles of torch.save: plain values, tensors, and the storages that these are views of. Whatever else a training script has put beside its
/// state dict (numpy's
/// scalars, argparse's options, schedules, dates) is left out without being built.
/// </summary>
internal static class TorchPickle
{
    /// <summary>No state dict's structure needs more, not even with numpy's arrays beside it; the numbers of tensors lie outside the
    /// pickle.</summary>
    public const long MaxBytes = 64 << 20;

    private static readonly Dictionary<string, PickleGlobal> Globals = new PickleGlobal[]
    {
        new("collections.OrderedDict", DictObject.Of),
        new("collections.defaultdict", arguments => arguments is [] or [_] ? new DictObject() : null),
        new("torch._utils._rebuild_tensor", Tensor),
        new("torch._utils._rebuild_tensor_v2", Tensor),
        new("torch._utils._rebuild_parameter", Parameter),
        new("torch._utils._rebuild_parameter_with_state", Parameter),
        new("torch._tensor._rebuild_from_type_v2", arguments => arguments is [PickleGlobal { Construct: { } rebuild }, _, object?[] inner, ..]
            ? rebuild(inner)
            : null),
        new("copy_reg._reconstructor", Unbuilt),
        new("copyreg._reconstructor", Unbuilt),
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
    }.ToDictionary(known => known.Name);

    /// <summary>What TorchScript names beside these: its typed lists.</summary>
    private static readonly Dictionary<string, PickleGlobal> ScriptGlobals = Globals.Values.Concat(
    [
        new("torch.jit._pickle.build_intlist", List),
        new("torch.jit._pickle.build_doublelist", List),
        new("torch.jit._pickle.build_boollist", List),
        new("torch.jit._pickle.build_tensorlist", List),
        new("torch.jit._pickle.restore_type_tag", arguments => arguments is [var value, _] ? value : null),
    ]).ToDictionary(known => known.Name);

    /// <summary>
    /// What a tensor is made of where it lies in a pickle of another kind, with its storage in bytes of its own (torch.Tensor.__reduce_ex__).
    /// </summary>
    public static IEnumerable<PickleGlobal> TensorGlobals =>
    [
        Globals["torch._utils._rebuild_tensor"], Globals["torch._utils._rebuild_tensor_v2"], Globals["collections.OrderedDict"],
        new("torch.storage._load_from_bytes", arguments => arguments is [byte[] or string] ? PickledStorage.Read(arguments[0] as byte[]
            ?? Encoding.Latin1.GetBytes((string)arguments[0]!)) : null),
    ];

    /// <summary>Reads one pickle from the stream's position on, and leaves the stream after it.</summary>
    /// <param name="persistentLoad">Finds what an id refers to, see <see cref="StorageOf"/>.</param>
    /// <param name="isScript">Whether it is TorchScript's: then classes under <c>__torch__</c> are modules, of which only the attributes are
    /// read.</param>
    /// <exception cref="CheckpointException">Damaged, or too long: names the byte at fault.</exception>
    public static object? Read(string path, Stream stream, Func<object?, object> persistentLoad, bool isScript = false)
    {
        try
        {
            var vocabulary = isScript ? new PickleVocabulary(ScriptGlobals, Refusal: null, persistentLoad, ScriptClass) : new(Globals, Refusal: null,
                persistentLoad);
            return new PickleReader(stream, MaxBytes, vocabulary).Read();
        }
        catch (InvalidDataException error)
        {
            throw new CheckpointException(path, $"{error.Message}.", error);
        }
    }

    /// <summary>The persistent id by which torch.save refers to a storage: ("storage", type, key, location, count, ...).</summary>
    public static TensorStorage? StorageOf(object? id) =>
        id is object?[] and ["storage", StorageType { Type: var type }, string key, _, long and >= 0 and var count, ..]
            ? new(type, key, count)
            : null;

    /// <summary>The type of a storage whose numbers are not read, such as torch.ComplexFloatStorage.</summary>
    public static PickleOpaque? UnreadStorageOf(object? id) =>
        id is object?[] and ["storage", PickleGlobal and not StorageType and var type, ..] ? new(type.Name) : null;

    private static PickleGlobal? ScriptClass(string name) =>
        name.StartsWith("__torch__.", StringComparison.Ordinal) ? new(name, arguments => arguments is [] ? new ScriptModule() : null) : null;

    private static List<object?>? List(object?[] arguments) => arguments is [List<object?> list] ? list : null;

    /// <summary>How Python pickles an object whose class says nothing about it: (class, base, state of the base).</summary>
    private static PickleOpaque? Unbuilt(object?[] arguments) => arguments is [PickleGlobal type, ..] ? new(type.Name) : null;

    private static object? Parameter(object?[] arguments) => arguments is [TensorData or PickleOpaque, ..] ? arguments[0] : null;

    private static object? Tensor(object?[] arguments) => arguments switch
    {
        [TensorStorage storage, long offset, object?[] shape, object?[] strides, ..] => storage.View(offset, Sides(shape),
            Sides(strides)) ?? throw new PickleException(
            $"a tensor of shape [{string.Join(", ", shape)}] that does not lie within its storage '{storage.Key}' of {storage.Count} elements"),
        [PickleOpaque, ..] => arguments[0],
        _ => null,
    };

    private static long[] Sides(object?[] sides) =>
        Array.ConvertAll(sides, side => side as long? ?? throw new PickleException("a shape or stride that is not a whole number"));

    private sealed record StorageType(string Name, TensorType Type) : PickleGlobal(Name);

    /// <summary>A dict of a class of its own; what else hangs on it (modules put "_metadata" on their state dict) is not needed.</summary>
    private sealed class DictObject : PickleDict, IPickledObject
    {
        public static DictObject? Of(object?[] arguments) => arguments switch
        {
            [] => [],
            [List<object?> pairs] => [.. pairs.Select(Pair)],
            _ => null,
        };

        public void SetState(object? state)
        {
        }

        private static KeyValuePair<object?, object?> Pair(object? pair) => pair switch
        {
            object?[] and [var key, var value] => new(key, value),
            List<object?> and [var key, var value] => new(key, value),
            _ => throw new PickleException("an OrderedDict of entries that are not pairs"),
        };
    }
}
