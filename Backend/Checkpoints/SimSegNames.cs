using System.Text.RegularExpressions;

namespace Dashboard.Backend.Checkpoints;

/// <summary>
/// Brings the keys of SimSeg's checkpoints (simseg.vit-s.pth, simseg.vit-b.pth) to our names: image_encoder.* as timm names a vision transformer, text_encoder.* as
/// Hugging Face names BERT, both projections, and the temperature.
/// </summary>
public static partial class SimSegNames
{
    /// <summary>Our name of a key; null for what belongs to the towers but takes no part in SimSeg: classifiers, poolers, and counters of positions.</summary>
    public static string? Rename(string key)
    {
        // The authors wrap each tower twice, in their encoder and in that of the library that it comes from.
        key = Wrapper().Replace(key, "");
        key = Tower().Replace(key, "$1.");
        if (key == "loss.temperature")
            return "temperature";
        // BERT's norms as TensorFlow named them, in old files.
        key = key.Replace("LayerNorm.gamma", "LayerNorm.weight", StringComparison.Ordinal).Replace("LayerNorm.beta", "LayerNorm.bias", StringComparison.Ordinal);
        return Unused().IsMatch(key) ? null : key;
    }

    [GeneratedRegex(@"^module\.")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^(image_encoder|text_encoder)\.model\.model\.")]
    private static partial Regex Tower();

    [GeneratedRegex(@"^(image_encoder\.(pre_logits|head)\.|text_encoder\.(pooler\.|embeddings\.(position_ids|token_type_ids)$))")]
    private static partial Regex Unused();
}
