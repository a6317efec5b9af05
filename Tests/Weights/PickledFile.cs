using System.IO.Compression;
using System.Text;
using Dashboard.Backend.Weights;

namespace Dashboard.Tests.Weights;

/// <summary>Writes PyTorch's zip format: values as the opcodes that make them, and the storages of the tensors among them.</summary>
internal sealed class PickledFile
{
    private readonly List<byte[]> _storages = [];

    public static byte[] Text(string text) =>
        [(byte)'X', .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Number(long number) => [(byte)'J', .. BitConverter.GetBytes((int)number)];

    public static byte[] Dict(params IEnumerable<(string Key, byte[] Value)> entries) =>
        [.. "}("u8, .. entries.SelectMany(entry => (byte[])[.. Text(entry.Key), .. entry.Value]), (byte)'u'];

    /// <summary>An object of a class, with what pickle calls its state.</summary>
    public static byte[] Instance(string module, string name, byte[] state) =>
        [.. Encoding.UTF8.GetBytes($"c{module}\n{name}\n)"), 0x81, .. state, (byte)'b'];

    /// <summary>torch._utils._rebuild_tensor_v2 of a storage of its own.</summary>
    public byte[] Tensor(TensorData tensor)
    {
        var strides = new long[tensor.Shape.Count];
        for (var (axis, stride) = (strides.Length - 1, 1L); axis >= 0; stride *= tensor.Shape[axis--])
            strides[axis] = stride;
        var storage =
            tensor.Type switch { TensorType.Float32 => "Float", TensorType.Int64 => "Long", var other => throw new ArgumentException($"{other}") };
        _storages.Add(tensor.ToBytes());
        return
        [
            .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8, .. Text("storage"), .. Encoding.UTF8.GetBytes($"ctorch\n{storage}Storage\n"),
            .. Text($"{_storages.Count - 1}"), .. Text("cpu"), .. Number(tensor.Count),
            .. "tQ"u8, .. Number(0), (byte)'(', .. tensor.Shape.SelectMany(Number), .. "t("u8, .. strides.SelectMany(Number), .. "t"u8, 0x89,
            .. "NtR"u8,
        ];
    }

    public byte[] Tensors(IEnumerable<KeyValuePair<string, TensorData>> tensors) =>
        Dict(tensors.Select(tensor => (tensor.Key, Tensor(tensor.Value))));

    /// <param name="script">As TorchScript, whose root is a module.</param>
    public string Save(string path, byte[] value, bool script = false)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        Add("data.pkl", [0x80, 2, .. value, (byte)'.']);
        if (script)
            Add("constants.pkl", []);
        for (var i = 0; i < _storages.Count; i++)
            Add($"data/{i}", _storages[i]);
        return path;

        void Add(string name, byte[] content)
        {
            using var entry = zip.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }
    }
}
