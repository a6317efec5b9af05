using Dashboard.Backend.Models.Bert;
using Dashboard.Backend.Models.Vit;
using Dashboard.Backend.Weights;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>
/// The sizes of SimSeg's two towers from some of their tensors' shapes; heads are the published ones, for shapes do not tell them. That every tensor
/// fits them is for <see cref="ImportReport.Of"/> to see.
/// </summary>
internal static class TowerShapes
{
    /// <param name="prefix">Of timm's names: empty, or "image_encoder.".</param>
    /// <exception cref="CheckpointException">A tensor that tells a size is missing, or has another number of sides: names it.</exception>
    public static VitShape Vit(TensorShapes shapes, string prefix = "")
    {
        var (width, patch) = (shapes.Side($"{prefix}patch_embed.proj.weight", 0, 4), shapes.Side($"{prefix}patch_embed.proj.weight", 3, 4));
        var positions = shapes.Side($"{prefix}pos_embed", 1, 3) - 1;
        var grid = (int)Math.Round(Math.Sqrt(positions));
        if (grid < 1 || grid * grid != positions)
            throw shapes.Misfit($"{prefix}pos_embed", $"[1, 1 + a square number, {width}]");
        return new VitShape(width, shapes.Count($"{prefix}blocks.", ".attn.qkv.weight"), patch,
            grid) { HiddenWidth = shapes.Side($"{prefix}blocks.0.mlp.fc1.weight", 0, 2) };
    }

    /// <param name="prefix">Of Hugging Face's names: empty, or "text_encoder.".</param>
    /// <exception cref="CheckpointException">A tensor that tells a size is missing, or has another number of sides: names it.</exception>
    public static BertShape Bert(TensorShapes shapes, string prefix = "")
    {
        var words = $"{prefix}embeddings";
        var (vocabulary, width) = (shapes.Side($"{words}.word_embeddings.weight", 0, 2), shapes.Side($"{words}.word_embeddings.weight", 1, 2));
        return new BertShape(
            vocabulary, width, shapes.Count($"{prefix}encoder.layer.", ".attention.self.query.weight"),
            shapes.Side($"{words}.position_embeddings.weight", 0, 2), shapes.Side($"{words}.token_type_embeddings.weight", 0, 2))
        {
            HiddenWidth = shapes.Side($"{prefix}encoder.layer.0.intermediate.dense.weight", 0, 2),
        };
    }

    /// <summary>Compares a tower's own file with the whole tower.</summary>
    /// <param name="tower">For errors: "a vision transformer".</param>
    /// <exception cref="CheckpointException">
    /// A tensor is missing or of another shape, or is not part of such a tower, which then computes something else: names them.
    /// </exception>
    public static void RequireAll(string path, IReadOnlyDictionary<string, TensorData> tensors,
        IReadOnlyDictionary<string, IReadOnlyList<long>> expected, string tower)
    {
        var report = ImportReport.Of(path, tensors, expected, dispensable: _ => false, unused: []);
        if (report.Unexpected.Count > 0)
            throw new CheckpointException(path,
                $"it holds {report.Unexpected.Count} tensors that {tower} does not have, starting with "
                + $"{string.Join(", ", report.Unexpected.Take(3))}: it is of another kind.");
    }
}
