using System.Text.Json;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Weights;

/// <summary>
/// A checkpoint in several files beside an index, as Hugging Face splits large ones: <c>model.safetensors.index.json</c> or
/// <c>pytorch_model.bin.index.json</c>, whose
/// <c>weight_map</c> says for each tensor in which file it lies.
/// </summary>
public static class ShardedCheckpoint
{
    /// <summary>What the names of indexes end with.</summary>
    public const string Suffix = ".index.json";

    private const long LargestIndex = 64 << 20;
    private const int MostShards = 1000;

    /// <exception cref="CheckpointException">The index or a shard is damaged, a shard is missing, or index and shards do not agree: names
    /// them.</exception>
    public static CheckpointFile Open(string path)
    {
        var map = Read(path);
        var shards = new List<CheckpointFile>();
        try
        {
            foreach (var shard in Paths(path, map))
                shards.Add(CheckpointFile.Open(shard));
            return new(path, $"{shards.Count} files, {shards[0].Format}", Merged(path, map, shards), Metadata(shards), new Sources(shards));
        }
        catch
        {
            new Sources(shards).Dispose();
            throw;
        }
    }

    /// <summary>The files that an index names, each once, in order.</summary>
    /// <exception cref="CheckpointException">The index is damaged, or a shard is missing.</exception>
    internal static IReadOnlyList<string> ShardsOf(string path) => Paths(path, Read(path));

    private static Dictionary<string, string> Read(string path)
    {
        try
        {
            using var json =
                JsonDocument.Parse(RegularFile.ReadAllBytes(path, LargestIndex, "an index of shards"), new JsonDocumentOptions { MaxDepth = 16 });
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("weight_map", out var entries)
                || entries.ValueKind != JsonValueKind.Object)
                throw new CheckpointException(path, "it is not an index of shards: there is no weight_map of tensors to files.");
            var map = new Dictionary<string, string>();
            foreach (var entry in entries.EnumerateObject())
            {
                var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw new CheckpointException(path,
                    $"the file of '{entry.Name}' is not text.");
                if (!map.TryAdd(entry.Name, shard))
                    throw new CheckpointException(path, $"it names '{entry.Name}' twice, in {map[entry.Name]} and in {shard}.");
            }

            return map.Count > 0 ? map : throw new CheckpointException(path, "its weight_map is empty.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"it cannot be read as an index of shards: {error.Message}", error);
        }
    }

    private static List<string> Paths(string path, Dictionary<string, string> map)
    {
        var names = map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (names.Count > MostShards)
            throw new CheckpointException(path, $"it names {names.Count} files; at most {MostShards} are read.");
        if (names.Find(name =>
            name is "" or "." or ".." || name.Contains('/') || name.Contains('\\') || name.Contains('\0')
                || name.EndsWith(Suffix, StringComparison.Ordinal)) is { } odd)
            throw new CheckpointException(path, $"it names the file '{odd}'. Shards lie beside their index, and are named without a folder.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var missing = names.Where(name => !File.Exists(Path.Combine(folder, name))).ToList();
        if (missing.Count > 0)
            throw new CheckpointException(
                path, $"{missing.Count} of the {names.Count} files that it names {(missing.Count == 1 ? "is" : "are")} missing from {folder}: "
                    + $"{string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? ", ..." : "")}. Fetch them too.");
        return [.. names.Select(name => Path.Combine(folder, name))];
    }

    /// <summary>As Hugging Face reads them: every tensor of every shard.</summary>
    private static Dictionary<string, TensorData> Merged(string path, Dictionary<string, string> map, List<CheckpointFile> shards)
    {
        var (tensors, places) = (new Dictionary<string, TensorData>(), new Dictionary<string, string>());
        foreach (var shard in shards)
            foreach (var (name, tensor) in shard.Tensors)
                if (places.TryAdd(name, Path.GetFileName(shard.Path)))
                    tensors[name] = tensor;
                else
                    throw new CheckpointException(path,
                        $"the tensor '{name}' lies in two files, {places[name]} and {Path.GetFileName(shard.Path)}. Fetch the folder again: its "
                        + "files are of different versions.");
        foreach (var (name, shard) in map)
            if (places.GetValueOrDefault(name) is var place && place != shard)
                throw new CheckpointException(
                    path, $"it says that '{name}' lies in {shard}, {(place is null ? "but no file has it" : $"but it lies in {place}")}. Fetch the "
                        + "folder again: its files are of different versions.");
        return tensors;
    }

    private static Dictionary<string, string> Metadata(List<CheckpointFile> shards)
    {
        var metadata = new Dictionary<string, string>();
        foreach (var (key, value) in shards.SelectMany(shard => shard.Metadata))
            metadata.TryAdd(key, value);
        return metadata;
    }

    private sealed class Sources(List<CheckpointFile> shards) : IDisposable
    {
        public void Dispose() => shards.ForEach(shard => shard.Dispose());
    }
}
