using System.IO.Compression;
using System.Text;

namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>
/// PyTorch's zip format (1.6 and later): ROOT/data.pkl holds the structure, ROOT/data/KEY the numbers of each storage. A TorchScript archive, as
/// OpenAI's CLIP files are, has the same and code beside it: its parameters and buffers are read by their attribute path, its code is not looked at.
/// </summary>
public static class PytorchArchive
{
    /// <summary>PyTorch stores its entries uncompressed; where someone has packed them again, numbers shrink less than this.</summary>
    private const long MaxCompression = 20;

    /// <exception cref="CheckpointException">
    /// Damaged, or with anything in it but data: names the file and the key, entry or byte at fault.
    /// </exception>
    public static CheckpointFile Open(string path)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(path);
            return Read(path, zip);
        }
        catch (Exception error)
        {
            zip?.Dispose();
            if (error is CheckpointException)
                throw;
            throw new CheckpointException(path, $"it is a damaged zip archive: {error.Message}", error);
        }
    }

    private static CheckpointFile Read(string path, ZipArchive zip)
    {
        const string structure = "/data.pkl";
        var pickle = zip.Entries.Where(entry => entry.FullName.EndsWith(structure, StringComparison.Ordinal)).MinBy(entry => entry.FullName.Length)
            ?? throw new CheckpointException(path, "it is a zip archive without data.pkl, so it is not a PyTorch checkpoint.");
        var root = pickle.FullName[..^structure.Length];
        var isScript = zip.GetEntry($"{root}/constants.pkl") is not null;
        if (zip.GetEntry($"{root}/byteorder") is { } order
            && Encoding.ASCII.GetString(Content(path, zip, order, 0, Math.Min(order.Length, 16))) is var endian && endian.Trim() != "little")
            throw new CheckpointException(path, $"its byte order is '{endian}'; only little-endian is read.");

        var storages = new Dictionary<string, TensorStorage>();
        using var content = new MemoryStream(Content(path, zip, pickle, 0, RequireSane(path, pickle, TorchPickle.MaxBytes).Length));
        var value = TorchPickle.Read(path, content, id => Storage(path, zip, root, storages, id), isScript);
        return new(path, isScript ? "TorchScript archive" : "PyTorch archive", StateDict.Find(path, value), new Dictionary<string, string>(),
            zip) { IsScript = isScript };
    }

    private static object Storage(string path, ZipArchive zip, string root, Dictionary<string, TensorStorage> storages, object? id)
    {
        if (TorchPickle.UnreadStorageOf(id) is { } unread)
            return unread;
        var storage = TorchPickle.StorageOf(id) ?? throw new CheckpointException(path, "data.pkl refers to a storage in an unknown way.");
        if (storages.TryGetValue(storage.Key, out var known) && known.Type == storage.Type && known.Count == storage.Count)
            return known;
        var name = $"{root}/data/{storage.Key}";
        var entry = RequireSane(path, zip.GetEntry(name) ?? throw new CheckpointException(path, $"its entry {name} is missing."), long.MaxValue);
        if (storage.Count > Array.MaxLength || entry.Length != storage.Count * storage.Type.Size())
            throw new CheckpointException(path,
                $"its entry {name} has {entry.Length} bytes, but {storage.Count} values of {storage.Type} are expected.");
        storage.Read = (offset, count) => Content(path, zip, entry, offset, count);
        return storages[storage.Key] = storage;
    }

    /// <summary>Refuses entries that claim more than the file can hold.</summary>
    private static ZipArchiveEntry RequireSane(string path, ZipArchiveEntry entry, long limit)
    {
        var fileLength = new FileInfo(path).Length;
        if (entry.CompressedLength > fileLength || entry.Length > limit || entry.Length > MaxCompression * Math.Max(entry.CompressedLength, 64))
            throw new CheckpointException(path,
                $"its entry {entry.FullName} claims {entry.Length} bytes out of {entry.CompressedLength}, in a file of {fileLength} bytes.");
        return entry;
    }

    private static byte[] Content(string path, ZipArchive zip, ZipArchiveEntry entry, long offset, long count)
    {
        // A zip archive has one position in its file: tensors may be asked for from several threads.
        lock (zip)
        {
            try
            {
                using var stream = entry.Open();
                var skip = new byte[Math.Min(offset, 1 << 16)];
                for (var skipped = 0L; skipped < offset;)
                {
                    var step = (int)Math.Min(skip.Length, offset - skipped);
                    stream.ReadExactly(skip, 0, step);
                    skipped += step;
                }

                var bytes = new byte[count];
                stream.ReadExactly(bytes);
                return bytes;
            }
            catch (Exception error) when (error is IOException or InvalidDataException or NotSupportedException or ArgumentException)
            {
                throw new CheckpointException(path, $"its entry {entry.FullName} cannot be read: {error.Message}", error);
            }
        }
    }
}
