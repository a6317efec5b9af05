using System.Buffers;
using System.Security.Cryptography;
using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Training;

namespace Dashboard.Backend.Pretrained;

/// <summary>Reads everything about a CLIP that its file tells, without a tensor library: so the web process can do it.</summary>
internal static class ClipInspection
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Reads the file to its last byte: every tensor must be there, of its shape, and finite.</summary>
    /// <param name="path">A checkpoint file, or a folder that holds one.</param>
    /// <param name="vocabulary">Null: the one that lies beside the file, if any.</param>
    /// <exception cref="CheckpointException">Damaged, or no CLIP: names the key or byte.</exception>
    /// <exception cref="ModelException">The vocabulary does not fit, or the file cannot be read.</exception>
    public static PretrainedModel Read(string name, string path, string? vocabulary, bool isBuiltIn, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        try
        {
            var weights = ClipWeights.WeightsOf(path);
            using var file = CheckpointFile.Open(weights);
            var tensors = ClipNames.ToOpenAi(file);
            var shape = ClipWeights.ShapeOf(path, file, tensors);
            RequireAll(weights, tensors, ClipTensors.Of(shape));
            RequireFinite(weights, tensors, progress, cancellation);
            var beside = ModelVocabulary.For(path, vocabulary, shape.VocabularySize);
            var (hash, bytes) = Hash(weights, progress, cancellation);
            return new(name, path, beside, "CLIP", shape.Tower, shape.ImageResolution, shape.EmbeddingSize, tensors.Values.Sum(tensor => tensor.Count), hash, bytes, isBuiltIn, Unavailable: null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static void RequireAll(string path, IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, IReadOnlyList<long>> expected)
    {
        var missing = expected.Keys.Where(name => !tensors.ContainsKey(name) && !name.EndsWith(ClipTensors.Counter, StringComparison.Ordinal)).ToList();
        if (missing.Count > 0)
            throw new CheckpointException(path, $"{missing.Count} tensors of the model are missing, the first ones {string.Join(", ", missing.Take(3))}. Take the whole checkpoint.");
        var unexpected = tensors.Keys.Where(name => !expected.ContainsKey(name)).ToList();
        if (unexpected.Count > 0)
            throw new CheckpointException(path, $"it holds {unexpected.Count} tensors that a CLIP of its size has not, the first ones {string.Join(", ", unexpected.Take(3))}.");
        foreach (var (name, tensor) in tensors)
            if (!tensor.Shape.SequenceEqual(expected[name]))
                throw new CheckpointException(path, $"'{name}' has the shape [{string.Join(", ", tensor.Shape)}], [{string.Join(", ", expected[name])}] is expected.");
    }

    private static void RequireFinite(string path, IReadOnlyDictionary<string, TensorData> tensors, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        var total = tensors.Values.Sum(tensor => tensor.ByteCount);
        var done = 0L;
        foreach (var (name, tensor) in tensors)
        {
            cancellation.ThrowIfCancellationRequested();
            var values = tensor.ToFloats();
            if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var at)
                throw new CheckpointException(path, $"'{name}' holds {values[at]} at position {at}. The file is damaged, or its training diverged: take another checkpoint.");
            done += tensor.ByteCount;
            Report(progress, "Reading tensors", done, total);
        }
    }

    private static (string Sha256, long Bytes) Hash(string path, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var done = 0L;
            for (int read; (read = file.Read(block, 0, BlockBytes)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                hash.AppendData(block, 0, read);
                Report(progress, "Hashing", done += read, file.Length);
            }
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), done);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>In KiB: bytes may be more than an int counts.</summary>
    private static void Report(IProgress<WorkProgress>? progress, string stage, long done, long total) => progress?.Report(new(stage, (int)(done >> 10), (int)(total >> 10)));
}
