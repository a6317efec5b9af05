using System.Buffers.Binary;
using System.Numerics;
using Dashboard.Backend.Weights.Pickle;

namespace Dashboard.Backend.Weights.Pytorch;

/// <summary>A storage in the bytes that torch puts into other pickles: torch.save of the storage alone, in the format before 1.6.</summary>
internal static class PickledStorage
{
    /// <summary>Magic number, protocol, system.</summary>
    private const int Pickles = 3;

    /// <exception cref="PickleException">It is something else, or damaged.</exception>
    public static TensorStorage Read(byte[] bytes)
    {
        const string path = "storage";
        using var stream = new MemoryStream(bytes);
        try
        {
            for (var pickle = 0; pickle < Pickles; pickle++)
                if (TorchPickle.Read(path, stream, _ => throw new PickleException("a reference to what lies outside of it")) is BigInteger magic
                    && pickle == 0 && magic != LegacyPytorchFile.Magic)
                    throw new PickleException("a storage that torch.save has not written");
            var storage = TorchPickle.Read(path, stream,
                id => TorchPickle.StorageOf(id) ?? throw new PickleException("a storage whose numbers are not read")) as TensorStorage
                ?? throw new PickleException("bytes that are no storage");
            TorchPickle.Read(path, stream, _ => throw new PickleException("a reference to what lies outside of it"));
            var begin = stream.Position + 8;
            if (begin > bytes.Length || BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan((int)begin - 8)) != storage.Count
                || storage.Count > (bytes.Length - begin) / storage.Type.Size())
                throw new PickleException($"a storage of {storage.Count} numbers that ends too early");
            storage.Read = (offset, count) => bytes.AsSpan((int)(begin + offset), (int)count).ToArray();
            return storage;
        }
        catch (CheckpointException error)
        {
            throw new PickleException($"a storage that cannot be read: {error.Message}");
        }
    }
}
