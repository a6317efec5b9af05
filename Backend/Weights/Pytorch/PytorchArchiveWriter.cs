using System.IO.Compression;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>
/// Writes a state dict as torch.save does since PyTorch 1.6: a zip with archive/data.pkl, an OrderedDict of names to tensors, and archive/data/KEY,
/// the numbers of each. torch.load takes it with weights_only.
/// </summary>
public static class PytorchArchiveWriter
{
    private const string Root = "archive";

    private static readonly IReadOnlyDictionary<TensorType, string> Storages = new Dictionary<TensorType, string>
    {
        [TensorType.Float64] = "DoubleStorage",
        [TensorType.Float32] = "FloatStorage",
        [TensorType.Float16] = "HalfStorage",
        [TensorType.BFloat16] = "BFloat16Storage",
        [TensorType.Int64] = "LongStorage",
        [TensorType.Int32] = "IntStorage",
        [TensorType.Int16] = "ShortStorage",
        [TensorType.Int8] = "CharStorage",
        [TensorType.UInt8] = "ByteStorage",
        [TensorType.Bool] = "BoolStorage",
    };

    /// <param name="stream">Is left open; need not be able to seek.</param>
    /// <param name="tensors">Names in their order. One tensor under several names is written once, and stays one when it is read.</param>
    public static void Write(Stream stream, IReadOnlyList<KeyValuePair<string, TensorData>> tensors, CancellationToken stop = default)
    {
        var keys = new Dictionary<TensorData, string>(ReferenceEqualityComparer.Instance);
        foreach (var (_, tensor) in tensors)
            keys.TryAdd(tensor, $"{keys.Count}");
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Entry(zip, "data.pkl", entry => Structure(entry, tensors, keys));
        Entry(zip, "byteorder", entry => entry.Write("little"u8));
        foreach (var (tensor, key) in keys)
        {
            stop.ThrowIfCancellationRequested();
            Entry(zip, $"data/{key}", entry => entry.Write(tensor.ToBytes()));
        }
        Entry(zip, "version", entry => entry.Write("3\n"u8));
    }

    private static void Structure(Stream entry, IReadOnlyList<KeyValuePair<string, TensorData>> tensors, IReadOnlyDictionary<TensorData, string> keys)
    {
        using var content = new MemoryStream();
        var pickle = new PickleWriter(content, protocol: 2);
        pickle.Call("collections", "OrderedDict", () => { });
        pickle.Entries(() =>
        {
            foreach (var (name, tensor) in tensors)
            {
                pickle.Text(name);
                pickle.Call("torch._utils", "_rebuild_tensor_v2", () => Tensor(pickle, tensor, keys[tensor]));
            }
        });
        pickle.Stop();
        entry.Write(content.GetBuffer(), 0, (int)content.Length);
    }

    /// <summary>Storage, offset, sides, strides, whether it takes a gradient, hooks.</summary>
    private static void Tensor(PickleWriter pickle, TensorData tensor, string key)
    {
        pickle.Persistent(() => pickle.Tuple(() =>
        {
            pickle.Text("storage");
            pickle.Global("torch", Storages[tensor.Type]);
            pickle.Text(key);
            pickle.Text("cpu");
            pickle.Int(tensor.Count);
        }));
        pickle.Int(0);
        Numbers(pickle, tensor.Shape);
        Numbers(pickle, Strides(tensor.Shape));
        pickle.Bool(false);
        pickle.Call("collections", "OrderedDict", () => { });
    }

    private static void Numbers(PickleWriter pickle, IReadOnlyList<long> numbers) => pickle.Tuple(() =>
    {
        foreach (var number in numbers)
            pickle.Int(number);
    });

    private static long[] Strides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var step = 1L;
        for (var axis = shape.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= Math.Max(1, shape[axis]);
        }
        return strides;
    }

    /// <summary>Uncompressed, as torch.save's: PyTorch can map such numbers into memory.</summary>
    private static void Entry(ZipArchive zip, string name, Action<Stream> write)
    {
        using var entry = zip.CreateEntry($"{Root}/{name}", CompressionLevel.NoCompression).Open();
        write(entry);
    }
}
