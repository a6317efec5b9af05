using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Weights;

namespace Dashboard.Tests.Pretrained;

/// <summary>Real SimSeg files of a few kilobytes, with random weights under the keys of the authors' code and a vocabulary beside them.</summary>
internal static class SmallSimSeg
{
    public static SimSegShape Shape { get; } = new(
        new(Width: 8, Layers: 2, PatchSize: 4, Grid: 3) { Heads = 2, HiddenWidth = 12 },
        new(VocabularySize: 6, Width: 6, Layers: 1, Positions: 25) { Heads = 3, HiddenWidth = 10 },
        EmbeddingSize: 5);

    /// <param name="alter">Changes tensors, under the authors' keys, before they are written.</param>
    /// <returns>The path of the file.</returns>
    public static string Write(string folder, Action<Dictionary<string, TensorData>>? alter = null)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(4);
        var tensors = SimSegTensors.Of(Shape).ToDictionary(
            tensor => AuthorsKey(tensor.Key),
            tensor =>
                TensorData.Of([.. Enumerable.Range(0, (int)tensor.Value.Aggregate(1L, (count, side) => count * side))
                    .Select(_ => random.NextSingle() - 0.5f)], [.. tensor.Value]));
        alter?.Invoke(tensors);
        var path = Path.Combine(folder, "simseg.safetensors");
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { ["vision_heads"] = "2", ["text_heads"] = "3" });
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "sheep", "boat"]);
        return path;
    }

    /// <summary>Which wrap each tower twice.</summary>
    private static string AuthorsKey(string name) => name == SimSegTensors.Temperature
        ? "loss.temperature"
        : name.Replace("_encoder.", "_encoder.model.model.", StringComparison.Ordinal);
}
