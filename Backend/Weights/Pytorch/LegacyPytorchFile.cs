using System.Buffers.Binary;
using System.Numerics;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>
/// PyTorch's format before 1.6, which torchvision's resnet50-19c8e357.pth has: five pickles (magic number, protocol, system, structure, storage
/// keys), then each storage: int64 number of elements, and the elements.
/// </summary>
public static class LegacyPytorchFile
{
    private const long Protocol = 1001;

    internal static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356");

    /// <exception cref="CheckpointException">Damaged, or with anything in it but data: names the file and the key or byte at fault.</exception>
    public static CheckpointFile Open(string path)
    {
        var storages = new Dictionary<string, TensorStorage>();
        object? root;
        List<object?> keys;
        long start;
        using (var stream = File.OpenRead(path))
        {
            object? Next(Func<object?, object> persistentLoad) => TorchPickle.Read(path, stream, persistentLoad);
            object NoStorage(object? id) => throw new CheckpointException(path, "it refers to a storage before its structure begins.");
            if (Next(NoStorage) is not BigInteger magic || magic != Magic)
                throw new CheckpointException(path, "byte 0: it is a pickle, but not one that torch.save has written.");
            if (Next(NoStorage) is not Protocol)
                throw new CheckpointException(path, $"it is not of PyTorch's protocol {Protocol}.");
            if (Next(NoStorage) is PickleDict system && system.Any(entry => entry is { Key: "little_endian", Value: false }))
                throw new CheckpointException(path, "its byte order is big-endian; only little-endian is read.");
            root = Next(id => Storage(path, storages, id));
            keys = Next(NoStorage) as List<object?> ?? throw new CheckpointException(path,
                $"byte {stream.Position}: the list of storages is missing.");
            start = stream.Position;
        }

        var tensors = StateDict.Find(path, root);
        var file = File.OpenHandle(path);
        try
        {
            Locate(path, file, keys, storages, start);
            return new(path, "PyTorch (before 1.6)", tensors, new Dictionary<string, string>(), file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static object Storage(string path, Dictionary<string, TensorStorage> storages, object? id)
    {
        // The class of a whole module, with its source code.
        if (id is object?[] and ["module", PickleGlobal type, ..])
            return type;
        if (TorchPickle.UnreadStorageOf(id) is { } unread)
            throw new CheckpointException(path,
                $"it holds a {unread.Name}, whose numbers are not read. Save the state dict alone, by PyTorch 1.6 or newer.");
        var storage = TorchPickle.StorageOf(id) ?? throw new CheckpointException(path, "it refers to a storage in an unknown way.");
        if (id is object?[] and [_, _, _, _, _, not null, ..])
            throw new CheckpointException(path,
                $"its storage '{storage.Key}' is a view of another, as PyTorch wrote before 0.4. Load and save it with a newer PyTorch.");
        if (storages.TryGetValue(storage.Key, out var known))
            return known == storage ? known : throw new CheckpointException(path, $"its storage '{storage.Key}' is described in two ways.");
        return storages[storage.Key] = storage;
    }

    private static void Locate(string path, Microsoft.Win32.SafeHandles.SafeFileHandle file, List<object?> keys,
        Dictionary<string, TensorStorage> storages, long start)
    {
        var length = RandomAccess.GetLength(file);
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage))
                throw new CheckpointException(path, $"byte {start}: the storage '{key}' belongs to no tensor.");
            if (start + 8 > length)
                throw new CheckpointException(path, $"it ends before the storage '{name}'. The file is truncated.");
            var count = BinaryPrimitives.ReadInt64LittleEndian(CheckpointFile.ReadAt(path, file, start, 8));
            if (count != storage.Count)
                throw new CheckpointException(path, $"byte {start}: the storage '{name}' has {count} elements, but {storage.Count} are expected.");
            var begin = start + 8;
            if (count > (length - begin) / storage.Type.Size())
                throw new CheckpointException(path, $"it ends at byte {length}, within the storage '{name}'. The file is truncated.");
            storage.Read = (offset, bytes) => CheckpointFile.ReadAt(path, file, begin + offset, bytes);
            start = begin + count * storage.Type.Size();
        }

        if (storages.Values.FirstOrDefault(storage => storage.Read is null) is { } missing)
            throw new CheckpointException(path, $"the storage '{missing.Key}' is missing.");
    }
}
