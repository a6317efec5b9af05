using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Weights;

/// <summary>
/// The safetensors format: uint64 length of the header, the header in JSON (name to dtype, shape and data_offsets), the tensors' bytes without gaps.
/// What is written here has checksums in its metadata, by which a reader of ours notices a changed bit; to others they are one more remark.
/// </summary>
public static class SafetensorsFile
{
    private const string MetadataKey = "__metadata__";
    private const long MaxHeaderBytes = 100_000_000;

    private static readonly IReadOnlyDictionary<string, TensorType> Types = new Dictionary<string, TensorType>
    {
        ["F64"] = TensorType.Float64,
        ["F32"] = TensorType.Float32,
        ["F16"] = TensorType.Float16,
        ["BF16"] = TensorType.BFloat16,
        ["I64"] = TensorType.Int64,
        ["I32"] = TensorType.Int32,
        ["I16"] = TensorType.Int16,
        ["I8"] = TensorType.Int8,
        ["U8"] = TensorType.UInt8,
        ["BOOL"] = TensorType.Bool,
    };

    /// <exception cref="CheckpointException">Damaged: names the file and the key or byte at fault.</exception>
    public static CheckpointFile Open(string path)
    {
        var file = File.OpenHandle(path);
        try
        {
            var length = RandomAccess.GetLength(file);
            if (length < 8)
                throw new CheckpointException(path, $"it has {length} bytes; a safetensors file starts with 8 bytes that give the header's length.");
            var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(CheckpointFile.ReadAt(path, file, 0, 8));
            if (headerLength > MaxHeaderBytes || headerLength > (ulong)(length - 8))
                throw new CheckpointException(path,
                    $"byte 0: a header of {headerLength} bytes does not fit into the file's {length} bytes. The file is truncated or not a "
                    + "safetensors file.");
            var dataStart = 8 + (long)headerLength;

            using var header = ParseHeader(path, CheckpointFile.ReadAt(path, file, 8, (long)headerLength));
            var metadata = new Dictionary<string, string>();
            if (header.RootElement.TryGetProperty(MetadataKey, out var remarks))
                ReadMetadata(path, remarks, metadata);
            var checksums = TensorChecksums.Take(path, metadata);
            var tensors = new Dictionary<string, TensorData>();
            var stretches = new List<(long Begin, long End, string Name)>();
            foreach (var member in header.RootElement.EnumerateObject())
            {
                if (member.Name == MetadataKey)
                    continue;
                var (type, shape, begin, end) = ReadEntry(path, member, length - dataStart);
                stretches.Add((begin, end, member.Name));
                var tensor = new TensorData(type, shape, () => CheckpointFile.ReadAt(path, file, dataStart + begin, end - begin));
                if (!tensors.TryAdd(member.Name, checksums?.Checked(member.Name, tensor) ?? tensor))
                    throw new CheckpointException(path, $"the tensor '{member.Name}' is in the header twice.");
            }

            RequireGapless(path, stretches, length - dataStart);
            checksums?.RequireAll(tensors.Keys);
            return new(path, "safetensors", tensors, metadata, file);
        }
        catch (Exception error)
        {
            file.Dispose();
            // Text that is not UTF-8, or half a surrogate pair, only comes to light when a string is taken out of the JSON.
            if (error is InvalidOperationException)
                throw new CheckpointException(path, $"the header has text that is not Unicode: {error.Message}", error);
            throw;
        }
    }

    /// <summary>Writes tensors aside, waits for the disk, renames.</summary>
    /// <exception cref="IOException">The disk is full: what stood at <paramref name="path"/> is untouched.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        WholeFile.Write(path, file => Write(file, tensors, metadata), toDisk: true);

    /// <param name="stream">Is left open; need not be able to seek.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null,
        CancellationToken stop = default)
    {
        // Wide types first, so that every tensor is aligned to its element size.
        var ordered = tensors.OrderByDescending(tensor => tensor.Value.Type.Size()).ThenBy(tensor => tensor.Key, StringComparer.Ordinal).ToList();
        var header = new JsonObject { [MetadataKey] =
            JsonSerializer.SerializeToNode(TensorChecksums.Added(metadata ?? new Dictionary<string, string>(), tensors)) };
        var offset = 0L;
        foreach (var (name, tensor) in ordered)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = Types.Single(type => type.Value == tensor.Type).Key,
                ["shape"] = JsonSerializer.SerializeToNode(tensor.Shape),
                ["data_offsets"] = new JsonArray(offset, offset + tensor.ByteCount),
            };
            offset += tensor.ByteCount;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padding = (8 - json.Length % 8) % 8;
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(json.Length + padding));
        stream.Write(length);
        stream.Write(json);
        stream.Write("        "u8[..padding]);
        foreach (var (name, tensor) in ordered)
        {
            stop.ThrowIfCancellationRequested();
            var bytes = tensor.ToBytes();
            if (bytes.Length != tensor.ByteCount)
                throw new ArgumentException($"The tensor '{name}' gives {bytes.Length} bytes, but its shape needs {tensor.ByteCount}.",
                    nameof(tensors));
            stream.Write(bytes);
        }
    }

    private static JsonDocument ParseHeader(string path, byte[] json)
    {
        try
        {
            var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new CheckpointException(path, "byte 8: the header is not a JSON object.");
        }
        catch (JsonException error)
        {
            throw new CheckpointException(path, $"byte {8 + (error.BytePositionInLine ?? 0)}: the header is not JSON: {error.Message}", error);
        }
    }

    private static void ReadMetadata(string path, JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new CheckpointException(path, $"'{MetadataKey}' is not a JSON object.");
        foreach (var entry in element.EnumerateObject())
            metadata[entry.Name] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw new CheckpointException(path,
                $"'{MetadataKey}': the value of '{entry.Name}' is not a string.");
    }

    private static (TensorType Type, long[] Shape, long Begin, long End) ReadEntry(string path, JsonProperty member, long dataLength)
    {
        CheckpointException Fault(string what) => new(path, $"the tensor '{member.Name}' {what}.");

        if (member.Value.ValueKind != JsonValueKind.Object || !member.Value.TryGetProperty("dtype", out var dtype)
            || dtype.ValueKind != JsonValueKind.String)
            throw Fault("has no dtype");
        if (!Types.TryGetValue(dtype.GetString()!, out var type))
            throw Fault($"has the dtype '{dtype.GetString()}'; supported are {string.Join(", ", Types.Keys)}");
        var shape = Numbers(member.Value, "shape") ?? throw Fault("has no shape of whole numbers");
        if (Numbers(member.Value, "data_offsets") is not [var begin, var end] || begin < 0 || begin > end)
            throw Fault("has no data_offsets [begin, end]");
        if (end > dataLength)
            throw Fault($"ends at byte {end} of the data, which has {dataLength}. The file is truncated");
        if (TensorTypes.CountOf(shape) is not { } count || count * type.Size() != end - begin)
            throw Fault($"has {end - begin} bytes, which its shape [{string.Join(", ", shape)}] of {dtype.GetString()} does not fill");
        if (end - begin > Array.MaxLength)
            throw Fault("is larger than 2 GiB");
        return (type, shape, begin, end);
    }

    private static long[]? Numbers(JsonElement entry, string name)
    {
        if (!entry.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
            return null;
        var numbers = new List<long>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out var number))
                return null;
            numbers.Add(number);
        }

        return [.. numbers];
    }

    /// <summary>Overlaps and holes are how one file can be made to show different tensors to different readers.</summary>
    private static void RequireGapless(string path, List<(long Begin, long End, string Name)> stretches, long dataLength)
    {
        var at = 0L;
        foreach (var (begin, end, name) in stretches.OrderBy(stretch => stretch.Begin).ThenBy(stretch => stretch.End))
        {
            if (begin != at)
                throw new CheckpointException(path,
                    $"the tensor '{name}' begins at byte {begin} of the data, where byte {at} is next: tensors overlap or leave a hole.");
            at = end;
        }

        if (at != dataLength)
            throw new CheckpointException(path, $"its tensors end at byte {at} of the data, which has {dataLength}.");
    }
}
