using Microsoft.Win32.SafeHandles;
using Dashboard.Backend.Files;

namespace Dashboard.Backend.Checkpoints;

/// <summary>An open checkpoint: named tensors that are read on demand. Data, never code. Dispose when done with its tensors.</summary>
public sealed class CheckpointFile : IDisposable
{
    private readonly IDisposable _source;

    internal CheckpointFile(string path, string format, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string> metadata, IDisposable source) =>
        (Path, Format, Tensors, Metadata, _source) = (path, format, tensors, metadata, source);

    public string Path { get; }

    /// <summary>For people: "safetensors", "PyTorch archive", "TorchScript archive", "PyTorch (before 1.6)".</summary>
    public string Format { get; }

    public IReadOnlyDictionary<string, TensorData> Tensors { get; }

    /// <summary>The strings in a safetensors file's <c>__metadata__</c>; empty for other formats.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>A tensor under its name.</summary>
    /// <exception cref="CheckpointException">There is none: names those that come closest.</exception>
    public TensorData this[string name] => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new CheckpointException(Path, $"it has no tensor '{name}'. It has {Tensors.Count} tensors: {string.Join(", ", Tensors.Keys.Order(StringComparer.Ordinal).Take(5))}, ...");

    /// <summary>Why a file is no checkpoint; null where it is one. Reads names and sizes, no tensor.</summary>
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

    /// <summary>Opens a checkpoint for one that keeps it open, and closes it where that one cannot be made.</summary>
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
    public static CheckpointFile Open(string path)
    {
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
            [0x80, 2, 0x8a, 10, ..] => LegacyPytorchFile.Open(path),
            [_, _, _, _, _, _, _, _, (byte)'{', ..] => SafetensorsFile.Open(path),
            _ => throw new CheckpointException(path, "it is neither a safetensors file nor a PyTorch checkpoint. Give a .safetensors, .pth or .pt file with a state dict."),
        };
    }

    public void Dispose() => _source.Dispose();

    /// <summary>Reads a stretch of an open file.</summary>
    internal static byte[] ReadAt(string path, SafeFileHandle file, long offset, long count)
    {
        var bytes = new byte[count];
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            if (read == 0)
                throw new CheckpointException(path, $"it ends at byte {offset + done} while {count} bytes from byte {offset} are needed. It was cut after it was opened.");
            done += read;
        }

        return bytes;
    }
}
