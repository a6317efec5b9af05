using Dashboard.Backend.Files;
using Dashboard.Backend.Weights.Pytorch;
using Microsoft.Win32.SafeHandles;

namespace Dashboard.Backend.Weights;

/// <summary>An open checkpoint: named tensors that are read on demand. Data, never code. Dispose when done with its tensors.</summary>
public sealed class CheckpointFile : IDisposable
{
    private const int Named = 6;
    private const int LongestName = 80;

    /// <summary>How Hugging Face names the weights in a folder.</summary>
    private static readonly string[] FolderNames =
        ["model.safetensors", $"model.safetensors{ShardedCheckpoint.Suffix}", "pytorch_model.bin", $"pytorch_model.bin{ShardedCheckpoint.Suffix}"];

    private readonly IDisposable _source;

    internal CheckpointFile(string path, string format, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string> metadata,
        IDisposable source) =>
        (Path, Format, Tensors, Metadata, _source) = (path, format, tensors, metadata, source);

    public string Path { get; }

    /// <summary>For people: "safetensors", "PyTorch archive", "TorchScript archive", "PyTorch (before 1.6)".</summary>
    public string Format { get; }

    public IReadOnlyDictionary<string, TensorData> Tensors { get; }

    /// <summary>The strings in a safetensors file's <c>__metadata__</c>; empty for other formats.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Whether it is TorchScript, as OpenAI publishes its CLIPs.</summary>
    public bool IsScript { get; init; }

    /// <summary>A sentence for a reader that looks for something else in it: how many tensors there are, and what some are called.</summary>
    internal string Contents => Describe(Tensors.Keys);

    /// <summary>A tensor under its name.</summary>
    /// <exception cref="CheckpointException">There is none: names some that there are.</exception>
    public TensorData this[string name] =>
        Tensors.TryGetValue(name, out var tensor) ? tensor : throw new CheckpointException(Path, $"it has no tensor '{name}'. {Contents}");

    /// <summary>The checkpoint in a folder; a file is its own.</summary>
    /// <exception cref="CheckpointException">The folder has none: names what it has.</exception>
    public static string WeightsOf(string path)
    {
        if (!Directory.Exists(path))
            return path;
        return FolderNames.Select(name => System.IO.Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new CheckpointException(path, $"the folder has none of {string.Join(", ", FolderNames)}. {Listed(path)}");
    }

    /// <summary>Every file that a checkpoint consists of: itself, and the shards of an index.</summary>
    /// <param name="weights">No folder: see <see cref="WeightsOf"/>.</param>
    /// <exception cref="CheckpointException">It is an index that cannot be read, or a shard is missing.</exception>
    public static IReadOnlyList<string> FilesOf(string weights) =>
        weights.EndsWith(ShardedCheckpoint.Suffix, StringComparison.Ordinal) ? [weights, .. ShardedCheckpoint.ShardsOf(weights)] : [weights];

    /// <summary>Why a file is not a checkpoint; null where it is one. Reads names and sizes, no tensor.</summary>
    public static string? Fault(string path)
    {
        try
        {
            using var file = Open(path);
            return null;
        }
        catch (CheckpointException error)
        {
            return error.Message;
        }
    }

    /// <summary>Opens a checkpoint for an object that keeps it open, and closes it where that object cannot be made.</summary>
    /// <exception cref="CheckpointException">Not a checkpoint, or what <paramref name="make"/> throws.</exception>
    public static T Open<T>(string path, Func<CheckpointFile, T> make)
    {
        var file = Open(path);
        try
        {
            return make(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a checkpoint, recognised by its content, not its name.</summary>
    /// <exception cref="CheckpointException">Not a checkpoint, damaged, or with anything in it but data.</exception>
    /// <param name="path">A file, or a folder that holds one under a name of Hugging Face's.</param>
    public static CheckpointFile Open(string path)
    {
        path = WeightsOf(path);
        var start = new byte[16];
        int length;
        try
        {
            using var file = RegularFile.OpenRead(path);
            length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"it cannot be opened: {error.Message}", error);
        }

        return start.AsSpan(0, length) switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => PytorchArchive.Open(path),
            [0x80, >= 2 and <= 5, 0x8a, 10, ..] or [0x80, 4 or 5, 0x95, ..] => LegacyPytorchFile.Open(path),
            [_, _, _, _, _, _, _, _, (byte)'{', ..] => SafetensorsFile.Open(path),
            [(byte)'{', ..] when path.EndsWith(ShardedCheckpoint.Suffix, StringComparison.Ordinal) => ShardedCheckpoint.Open(path),
            _ => throw new CheckpointException(path,
                "it is neither a safetensors file nor a PyTorch checkpoint. Give a .safetensors, .pth or .pt file with a state dict."),
        };
    }

    public void Dispose() => _source.Dispose();

    /// <summary>The first names in the file's own order, which is mostly the network's.</summary>
    internal static string Describe(IEnumerable<string> keys)
    {
        var all = keys.ToList();
        return all.Count == 0 ? "It holds no tensors." : $"It holds {all.Count} tensors: {string.Join(", ", all.Take(Named).Select(key => key.Length <= LongestName ? key : $"{key[..LongestName]}..."))}{(all.Count > Named ? ", ..." : "")}.";
    }

    private static string Listed(string folder)
    {
        var names = Directory.EnumerateFileSystemEntries(folder).Select(entry =>
            System.IO.Path.GetFileName(entry)).Order(StringComparer.Ordinal).Take(Named + 1).ToList();
        return names.Count == 0 ? "It is empty." : $"It has {string.Join(", ", names.Take(Named))}{(names.Count > Named ? ", ..." : "")}.";
    }

    /// <summary>Reads a stretch of an open file.</summary>
    internal static byte[] ReadAt(string path, SafeFileHandle file, long offset, long count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            if (read == 0)
                throw new CheckpointException(path,
                    $"it ends at byte {offset + done} while {count} bytes from byte {offset} are needed. It was truncated after it was opened.");
            done += read;
        }

        return bytes;
    }
}
