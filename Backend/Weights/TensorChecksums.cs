using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Dashboard.Backend.Weights;

/// <summary>Checksums of the tensors and of the metadata of a safetensors file of ours, themselves a remark in its metadata.</summary>
internal sealed class TensorChecksums
{
    private const string Key = "dashboard_sha256";

    /// <summary>Of the other remarks; no tensor can be called so.</summary>
    private const string OfMetadata = "__metadata__";

    /// <summary>Damage by chance is found as surely by half of a SHA-256, and headers stay small.</summary>
    private const int Bytes = 16;

    private readonly string _path;
    private readonly Dictionary<string, string> _sums;

    private TensorChecksums(string path, Dictionary<string, string> sums) => (_path, _sums) = (path, sums);

    /// <summary>The remarks with the checksums of all that is to be written.</summary>
    public static Dictionary<string, string> Added(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, TensorData> tensors)
    {
        var sums = new SortedDictionary<string, string>(
            tensors.ToDictionary(tensor => tensor.Key, tensor => Of(tensor.Key, tensor.Value, tensor.Value.ToBytes())), StringComparer.Ordinal)
        {
            [OfMetadata] = Of(metadata),
        };
        return new(metadata) { [Key] = JsonSerializer.Serialize(sums) };
    }

    /// <summary>Takes the checksums out of a file's remarks; null where it has none, as others' files.</summary>
    /// <exception cref="CheckpointException">They cannot be read, or the remarks have changed since they were written.</exception>
    public static TensorChecksums? Take(string path, Dictionary<string, string> metadata)
    {
        if (!metadata.Remove(Key, out var text))
            return null;
        try
        {
            var sums = JsonSerializer.Deserialize<Dictionary<string, string>>(text);
            if (sums?.GetValueOrDefault(OfMetadata) == Of(metadata))
                return new(path, sums);
        }
        catch (JsonException)
        {
            // As damaged as those that do not fit.
        }
        throw Damaged(path, "its metadata");
    }

    /// <summary>The tensor, compared with its checksum whenever it is read.</summary>
    public TensorData Checked(string name, TensorData tensor) => new(tensor.Type, tensor.Shape, () =>
    {
        var bytes = tensor.ToBytes();
        return Of(name, tensor, bytes) == _sums.GetValueOrDefault(name) ? bytes : throw Damaged(_path, $"the tensor '{name}'");
    });

    /// <exception cref="CheckpointException">The file holds other tensors than were written.</exception>
    public void RequireAll(IReadOnlyCollection<string> tensors)
    {
        if (_sums.Keys.FirstOrDefault(name => name != OfMetadata && !tensors.Contains(name)) is { } gone)
            throw Damaged(_path, $"the tensor '{gone}', which is gone or has another name,");
    }

    private static CheckpointException Damaged(string path, string what) =>
        new(path, $"it is damaged: {what} does not match its checksum. Take another copy of the file, or make it again.");

    private static string Of(string name, TensorData tensor, byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{tensor.Type}\0{string.Join(',', tensor.Shape)}\0"));
        hash.AppendData(bytes);
        return Hex(hash.GetHashAndReset());
    }

    private static string Of(IReadOnlyDictionary<string, string> metadata) =>
        Hex(SHA256.HashData(
            Encoding.UTF8.GetBytes(
                string.Concat(metadata.OrderBy(remark => remark.Key, StringComparer.Ordinal).Select(remark => $"{remark.Key}\0{remark.Value}\0")))));

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, Bytes));
}
