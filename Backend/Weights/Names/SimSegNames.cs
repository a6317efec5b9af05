using System.Text.RegularExpressions;

namespace Dashboard.Backend.Weights.Names;

/// <summary>
/// Brings the keys of SimSeg's checkpoints (simseg.vit-s.pth, simseg.vit-b.pth) to our names: image_encoder.* as timm names a vision transformer,
/// text_encoder.* as Hugging Face names BERT, both projections, and the temperature.
/// </summary>
public static partial class SimSegNames
{
    /// <summary>
    /// Our name of a key; null for what belongs to the towers but takes no part in SimSeg: classifiers, poolers, and counters of positions.
    /// </summary>
    public static string? Rename(string key)
    {
        // The authors wrap each tower twice, in their encoder and in that of the library that it comes from.
        key = Tower().Replace(key, "$1.");
        if (key == "loss.temperature")
            return "temperature";
        // BERT's norms as TensorFlow named them, in old files.
        key = key.Replace("LayerNorm.gamma", "LayerNorm.weight", StringComparison.Ordinal).Replace("LayerNorm.beta", "LayerNorm.bias",
            StringComparison.Ordinal);
        return Unused().IsMatch(key) ? null : key;
    }

    /// <summary>The tensors of a whole model: its names are still those of the file's author.</summary>
    internal static NetworkTensors Of(CheckpointFile file) => NetworkTensors.Of(file, "image_projection.linear.weight");

    /// <summary>The tensors of one tower's own file, under our names less the tower's: what timm or Hugging Face publishes.</summary>
    /// <param name="tower">"image_encoder." or "text_encoder."</param>
    /// <param name="anchor">A name of the tower's by which it is found in the file.</param>
    /// <param name="inner">What the tower is called where the file holds more than it: "bert."; what stands beside it is left out.</param>
    /// <exception cref="CheckpointException">Two keys are one name: names them.</exception>
    internal static IReadOnlyDictionary<string, TensorData> OfTower(CheckpointFile file, string tower, string anchor, string inner = "")
    {
        var found = NetworkTensors.Of(file, inner + anchor, anchor).Tensors;
        if (!found.ContainsKey(inner + anchor))
            inner = "";
        var tensors = new Dictionary<string, TensorData>();
        foreach (var (key, tensor) in found.Where(tensor => tensor.Key.StartsWith(inner, StringComparison.Ordinal)))
            if (Rename(tower + key[inner.Length..])?[tower.Length..] is { } name && !tensors.TryAdd(name, tensor))
                throw new CheckpointException(file.Path, $"'{key}' is a second '{name}'.");
        return tensors;
    }

    [GeneratedRegex(@"^(image_encoder|text_encoder)\.model\.model\.")]
    private static partial Regex Tower();

    [GeneratedRegex(@"^(image_encoder\.(pre_logits|head)\.|text_encoder\.(pooler\.|embeddings\.(position_ids|token_type_ids)$))")]
    private static partial Regex Unused();
}
