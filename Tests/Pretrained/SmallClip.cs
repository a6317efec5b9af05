using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Text;

namespace Dashboard.Tests.Pretrained;

/// <summary>Real CLIP files of a few kilobytes, with random weights and the vocabulary of <see cref="SmallVocabulary"/>.</summary>
internal static class SmallClip
{
    public static ClipShape Shape { get; } = new(8, 16, [1], 16, 8, 12, SmallVocabulary.Vocabulary.Size, 16, 1) { VisionHeads = 2, TextHeads = 2 };

    /// <summary>A folder with model.safetensors and, unless told otherwise, merges.txt.</summary>
    /// <param name="alter">Changes tensors, under OpenAI's names, before they are written.</param>
    /// <param name="activation">What the file says of it; null for a file that does not tell.</param>
    public static string Write(string folder, bool vocabulary = true, Action<Dictionary<string, TensorData>>? alter = null,
        string? activation = "quick_gelu")
    {
        Directory.CreateDirectory(folder);
        var tensors = Tensors();
        alter?.Invoke(tensors);
        var metadata = new Dictionary<string, string> { ["vision_heads"] = "2", ["text_heads"] = "2" };
        if (activation is not null)
            metadata["activation"] = activation;
        SafetensorsFile.Write(Path.Combine(folder, "model.safetensors"), tensors, metadata);
        if (vocabulary)
            File.WriteAllLines(Path.Combine(folder, "merges.txt"),
                ["#version: 0.2", .. SmallVocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}")]);
        return folder;
    }

    public static Dictionary<string, TensorData> Tensors()
    {
        var random = new Random(3);
        return ClipTensors.Of(Shape).ToDictionary(tensor => tensor.Key, tensor => tensor switch
        {
            { Key: "logit_scale" } => TensorData.Of([2.5f], []),
            { Value: var shape, Key: var name } =>
                TensorData.Of([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (count, side) => count * side)).Select(_ => Value(name))], shape),
        });

        float Value(string name) =>
            name.Contains("ln_", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal)
                ? 1
                : (random.NextSingle() - 0.5f) * 0.8f;
    }
}
