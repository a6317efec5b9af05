using System.Buffers;
using System.Security.Cryptography;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Pretrained;

/// <summary>Reads everything about a model that its file tells, without a tensor library: so the web process can do it.</summary>
internal static class ModelInspection
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Reads the file to its last byte: every tensor must be there, of its shape, and finite.</summary>
    /// <param name="path">A checkpoint file, or a folder that holds one.</param>
    /// <param name="vocabulary">Null: the one that lies beside the file, if any.</param>
    /// <param name="activation">What a person says of a CLIP whose file does not tell; null where nothing was said.</param>
    /// <exception cref="CheckpointException">Damaged, or neither CLIP nor SimSeg: names the key or byte.</exception>
    /// <exception cref="ModelException">The vocabulary does not fit, the file tells another activation, or cannot be read.</exception>
    public static PretrainedModel Read(
        string name, string path, string? vocabulary, bool isBuiltIn, ClipActivation? activation = null, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Describe(name, path, vocabulary, isBuiltIn, activation, (weights, tensors) =>
        {
            RequireFinite(weights, tensors, progress, cancellation);
            return Hash(CheckpointFile.FilesOf(weights), progress, cancellation);
        });

    /// <summary>What the names and sizes of the tensors and the vocabulary beside them tell: quick whatever the size of the file, which stays without
    /// checksum.</summary>
    /// <exception cref="CheckpointException">Neither CLIP nor SimSeg, or not a whole one: names the key or byte.</exception>
    /// <exception cref="ModelException">The vocabulary does not fit, or the file cannot be read.</exception>
    public static PretrainedModel Look(string path) =>
        Describe(path, path, vocabulary: null, isBuiltIn: false, activation: null, (weights, _) => ("", new FileInfo(weights).Length));

    /// <param name="readWhole">Of the checkpoint and its tensors: SHA-256 and bytes.</param>
    private static PretrainedModel Describe(
        string name, string path, string? vocabulary, bool isBuiltIn, ClipActivation? activation,
        Func<string, IReadOnlyDictionary<string, TensorData>, (string Sha256, long Bytes)> readWhole)
    {
        try
        {
            var weights = CheckpointFile.WeightsOf(path);
            using var file = CheckpointFile.Open(weights);
            var facts = SimSegFacts.Recognises(file) ? SimSegFacts.Of(file) : ClipFacts.Of(path, file);
            var used = Activation(path, facts, activation);
            var beside = facts.Vocabulary.For(path, vocabulary, facts.VocabularySize);
            var (hash, bytes) = readWhole(weights, facts.Tensors);
            var model = new PretrainedModel(
                name, path, beside, facts.Kind, facts.Tower, facts.Resolution, facts.EmbeddingSize, facts.Tensors.Values.Sum(tensor => tensor.Count),
                hash, bytes, isBuiltIn, Unavailable: null)
            {
                Import = facts.Import,
                Activation = used,
                LacksActivation = facts.Kind == PretrainedModel.Clip && used is null,
            };
            return model.LacksActivation ? model with { Unavailable = model.AskForActivation } : model;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static ClipActivation? Activation(string path, ModelFacts facts, ClipActivation? said)
    {
        if (said is not null && facts.Kind != PretrainedModel.Clip)
            throw new ModelException($"activation: {path} is a {facts.Kind} model; only a CLIP has one to choose. Leave it out.");
        if (said is { } given && facts.Activation is { } told && told != given)
            throw new ModelException(
                $"activation: the file of {path} says that it was trained with {ActivationName.Shown(told)}, not {ActivationName.Shown(given)}. "
                + "Leave it out.");
        return facts.Activation ?? said;
    }

    private static void RequireFinite(string path, IReadOnlyDictionary<string, TensorData> tensors, IProgress<WorkProgress>? progress,
        CancellationToken cancellation)
    {
        var total = tensors.Values.Sum(tensor => tensor.ByteCount);
        var done = 0L;
        foreach (var (name, tensor) in tensors)
        {
            cancellation.ThrowIfCancellationRequested();
            var values = tensor.ToFloats();
            if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var at)
                throw new CheckpointException(path,
                    $"'{name}' holds {values[at]} at position {at}. The file is damaged, or its training diverged: take another checkpoint.");
            done += tensor.ByteCount;
            Report(progress, "Reading tensors", done, total);
        }
    }

    private static (string Sha256, long Bytes) Hash(IReadOnlyList<string> paths, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var (done, total) = (0L, paths.Sum(path => new FileInfo(path).Length));
            foreach (var path in paths)
            {
                using var file = RegularFile.OpenRead(path);
                for (int read; (read = file.Read(block, 0, BlockBytes)) > 0;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    hash.AppendData(block, 0, read);
                    Report(progress, "Hashing", done += read, total);
                }
            }
            return (Convert.ToHexStringLower(hash.GetHashAndReset()), done);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>In KiB: bytes may be more than an int counts.</summary>
    private static void Report(IProgress<WorkProgress>? progress, string stage, long done, long total) =>
        progress?.Report(new(stage, (int)(done >> 10), (int)(total >> 10)));
}
