using Dashboard.Backend.Models.Bert;
using Dashboard.Backend.Models.Vit;
using static Dashboard.Backend.Models.LayerTensors;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>
/// The tensors that a <see cref="SimSegModel"/> has, known without building one: what a checkpoint is compared with where no tensor library is
/// loaded.
/// </summary>
public static class SimSegTensors
{
    /// <summary>τ of the loss. A file may lack it: the authors' code can also train with a constant one, and masks need none.</summary>
    public const string Temperature = "temperature";

    /// <summary>Names, as <see cref="Weights.Names.SimSegNames"/> makes them, and shapes.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Of(SimSegShape shape)
    {
        var tensors = new Dictionary<string, IReadOnlyList<long>>
        {
            ["image_projection.linear.weight"] = [shape.EmbeddingSize, shape.Image.Width],
            ["text_projection.linear.weight"] = [shape.EmbeddingSize, shape.Text.Width],
            [Temperature] = [],
        };
        AddVisionTransformer(tensors, "image_encoder.", shape.Image);
        AddBert(tensors, "text_encoder.", shape.Text);
        return tensors;
    }

    /// <summary>Of the image tower alone, under timm's names.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Of(VitShape shape)
    {
        var tensors = new Dictionary<string, IReadOnlyList<long>>();
        AddVisionTransformer(tensors, "", shape);
        return tensors;
    }

    /// <summary>Of the text tower alone, under Hugging Face's names.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Of(BertShape shape)
    {
        var tensors = new Dictionary<string, IReadOnlyList<long>>();
        AddBert(tensors, "", shape);
        return tensors;
    }

    private static void AddVisionTransformer(Dictionary<string, IReadOnlyList<long>> tensors, string prefix, VitShape shape)
    {
        var width = shape.Width;
        tensors[$"{prefix}cls_token"] = [1, 1, width];
        tensors[$"{prefix}pos_embed"] = [1, 1 + (long)shape.Grid * shape.Grid, width];
        tensors[$"{prefix}patch_embed.proj.weight"] = [width, 3, shape.PatchSize, shape.PatchSize];
        tensors[$"{prefix}patch_embed.proj.bias"] = [width];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var block = $"{prefix}blocks.{layer}";
            AddLayerNorm(tensors, $"{block}.norm1", width);
            AddLinear(tensors, $"{block}.attn.qkv", width, 3L * width);
            AddLinear(tensors, $"{block}.attn.proj", width, width);
            AddLayerNorm(tensors, $"{block}.norm2", width);
            AddLinear(tensors, $"{block}.mlp.fc1", width, shape.HiddenWidth);
            AddLinear(tensors, $"{block}.mlp.fc2", shape.HiddenWidth, width);
        }
        AddLayerNorm(tensors, $"{prefix}norm", width);
    }

    private static void AddBert(Dictionary<string, IReadOnlyList<long>> tensors, string prefix, BertShape shape)
    {
        var width = shape.Width;
        tensors[$"{prefix}embeddings.word_embeddings.weight"] = [shape.VocabularySize, width];
        tensors[$"{prefix}embeddings.position_embeddings.weight"] = [shape.Positions, width];
        tensors[$"{prefix}embeddings.token_type_embeddings.weight"] = [shape.TokenTypes, width];
        AddLayerNorm(tensors, $"{prefix}embeddings.LayerNorm", width);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var block = $"{prefix}encoder.layer.{layer}";
            foreach (var part in new[] { "query", "key", "value" })
                AddLinear(tensors, $"{block}.attention.self.{part}", width, width);
            AddLinear(tensors, $"{block}.attention.output.dense", width, width);
            AddLayerNorm(tensors, $"{block}.attention.output.LayerNorm", width);
            AddLinear(tensors, $"{block}.intermediate.dense", width, shape.HiddenWidth);
            AddLinear(tensors, $"{block}.output.dense", shape.HiddenWidth, width);
            AddLayerNorm(tensors, $"{block}.output.LayerNorm", width);
        }
    }
}
