using static Dashboard.Backend.Models.LayerTensors;

namespace Dashboard.Backend.Models.Clip;

/// <summary>
/// The tensors that a <see cref="ClipModel"/> has, known without building one: what a checkpoint is compared with where no tensor library is loaded.
/// </summary>
public static class ClipTensors
{
    /// <summary>Counters of batches, which files from before PyTorch 0.4.1 lack, and which nothing here reads.</summary>
    public const string Counter = ".num_batches_tracked";

    /// <summary>Names, as OpenAI's, and shapes.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<long>> Of(ClipShape shape)
    {
        var tensors = new Dictionary<string, IReadOnlyList<long>>
        {
            ["token_embedding.weight"] = [shape.VocabularySize, shape.TextWidth],
            ["positional_embedding"] = [shape.ContextLength, shape.TextWidth],
            ["text_projection"] = [shape.TextWidth, shape.EmbeddingSize],
            ["logit_scale"] = [],
        };
        AddLayerNorm(tensors, "ln_final", shape.TextWidth);
        AddTransformer(tensors, "transformer", shape.TextLayers, shape.TextWidth);
        if (shape.PatchSize is { } patch)
            AddVisionTransformer(tensors, shape, patch);
        else
            AddModifiedResNet(tensors, shape);
        return tensors;
    }

    private static void AddVisionTransformer(Dictionary<string, IReadOnlyList<long>> tensors, ClipShape shape, int patch)
    {
        var (width, grid) = (shape.VisionWidth, shape.ImageResolution / patch);
        if (shape.Stem is { } stem)
            AddStem(tensors, stem, patch, width);
        else
        {
            tensors["visual.conv1.weight"] = [width, 3, patch, patch];
            AddLayerNorm(tensors, "visual.ln_pre", width);
        }
        tensors["visual.class_embedding"] = [width];
        tensors["visual.positional_embedding"] = [1 + (long)grid * grid, width];
        tensors["visual.proj"] = [width, shape.EmbeddingSize];
        AddLayerNorm(tensors, "visual.ln_post", width);
        AddTransformer(tensors, "visual.transformer", shape.VisionLayers[0], width);
    }

    private static void AddStem(Dictionary<string, IReadOnlyList<long>> tensors, ConvolutionalStem stem, int patch, int width)
    {
        AddConvolution(tensors, "visual", 1, 3, stem.Channels, patch / ConvolutionalStem.SecondStride);
        AddConvolution(tensors, "visual", 2, stem.Channels, width, 3);
        for (var block = 0; block < stem.Blocks; block++)
        {
            AddConvolution(tensors, $"visual.layer1.{block}", 1, width, width, 3);
            AddConvolution(tensors, $"visual.layer1.{block}", 2, width, width, 3);
        }
    }

    private static void AddModifiedResNet(Dictionary<string, IReadOnlyList<long>> tensors, ClipShape shape)
    {
        var width = shape.VisionWidth;
        AddConvolution(tensors, "visual", 1, 3, width / 2, 3);
        AddConvolution(tensors, "visual", 2, width / 2, width / 2, 3);
        AddConvolution(tensors, "visual", 3, width / 2, width, 3);

        var channels = width;
        for (var layer = 0; layer < 4; layer++)
            for (var block = 0; block < shape.VisionLayers[layer]; block++)
            {
                var (prefix, inner) = ($"visual.layer{layer + 1}.{block}", width << layer);
                var outer = inner * Bottleneck.Expansion;
                AddConvolution(tensors, prefix, 1, channels, inner, 1);
                AddConvolution(tensors, prefix, 2, inner, inner, 3);
                AddConvolution(tensors, prefix, 3, inner, outer, 1);
                // The first block of a layer widens or shrinks.
                if (block == 0)
                {
                    tensors[$"{prefix}.downsample.0.weight"] = [outer, channels, 1, 1];
                    AddBatchNorm(tensors, $"{prefix}.downsample.1", outer);
                }
                channels = outer;
            }

        var grid = shape.ImageResolution / ClipShape.ResNetFactor;
        tensors["visual.attnpool.positional_embedding"] = [1 + (long)grid * grid, channels];
        foreach (var name in new[] { "q_proj", "k_proj", "v_proj" })
            AddLinear(tensors, $"visual.attnpool.{name}", channels, channels);
        AddLinear(tensors, "visual.attnpool.c_proj", channels, shape.EmbeddingSize);
    }

    private static void AddTransformer(Dictionary<string, IReadOnlyList<long>> tensors, string prefix, int layers, int width)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            var block = $"{prefix}.resblocks.{layer}";
            tensors[$"{block}.attn.in_proj_weight"] = [3L * width, width];
            tensors[$"{block}.attn.in_proj_bias"] = [3L * width];
            AddLinear(tensors, $"{block}.attn.out_proj", width, width);
            AddLayerNorm(tensors, $"{block}.ln_1", width);
            AddLinear(tensors, $"{block}.mlp.c_fc", width, 4 * width);
            AddLinear(tensors, $"{block}.mlp.c_proj", 4 * width, width);
            AddLayerNorm(tensors, $"{block}.ln_2", width);
        }
    }

    private static void AddConvolution(Dictionary<string, IReadOnlyList<long>> tensors, string prefix, int number, long input, long output, long side)
    {
        tensors[$"{prefix}.conv{number}.weight"] = [output, input, side, side];
        AddBatchNorm(tensors, $"{prefix}.bn{number}", output);
    }

    private static void AddBatchNorm(Dictionary<string, IReadOnlyList<long>> tensors, string prefix, long channels)
    {
        foreach (var name in new[] { "weight", "bias", "running_mean", "running_var" })
            tensors[$"{prefix}.{name}"] = [channels];
        tensors[prefix + Counter] = [];
    }
}
