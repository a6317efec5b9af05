using System.Text.RegularExpressions;

namespace Dashboard.Backend.Weights.Names;

/// <summary>
/// Brings the keys of CLIP checkpoints to OpenAI's names (visual.conv1.weight, transformer.resblocks.0.attn.in_proj_weight, ...), and to Hugging
/// Face's CLIPModel.
/// The two differ in more than names: Hugging Face keeps query, key and value apart, and its projections transposed.
/// </summary>
public static partial class ClipNames
{
    private const string TokenEmbedding = "token_embedding.weight";

    /// <summary>What OpenAI's archives hold beside weights; all of it follows from the weights' shapes.</summary>
    private static readonly string[] Settings = ["input_resolution", "context_length", "vocab_size"];

    private static readonly (string HuggingFace, string OpenAi)[] Outside =
    [
        ("text_model.embeddings.token_embedding.weight", TokenEmbedding),
        ("text_model.embeddings.position_embedding.weight", "positional_embedding"),
        ("text_model.final_layer_norm.weight", "ln_final.weight"),
        ("text_model.final_layer_norm.bias", "ln_final.bias"),
        ("vision_model.embeddings.class_embedding", "visual.class_embedding"),
        ("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight"),
        ("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding"),
        ("vision_model.pre_layrnorm.weight", "visual.ln_pre.weight"),
        ("vision_model.pre_layrnorm.bias", "visual.ln_pre.bias"),
        ("vision_model.post_layernorm.weight", "visual.ln_post.weight"),
        ("vision_model.post_layernorm.bias", "visual.ln_post.bias"),
        ("logit_scale", "logit_scale"),
    ];

    private static readonly (string HuggingFace, string OpenAi)[] Projections =
    [
        ("visual_projection.weight", "visual.proj"),
        ("text_projection.weight", "text_projection"),
    ];

    private static readonly (string HuggingFace, string OpenAi)[] InBlock =
    [
        ("self_attn.out_proj", "attn.out_proj"),
        ("layer_norm1", "ln_1"),
        ("mlp.fc1", "mlp.c_fc"),
        ("mlp.fc2", "mlp.c_proj"),
        ("layer_norm2", "ln_2"),
    ];

    private static readonly (string Tower, string Prefix)[] Towers = [("text_model", "transformer"), ("vision_model", "visual.transformer")];

    /// <summary>Tensors under OpenAI's names, from OpenAI's own files or from Hugging Face's. A key that is neither's is kept, for the loader to
    /// name.</summary>
    /// <exception cref="CheckpointException">No CLIP in it, or parts of an attention are missing or do not fit.</exception>
    public static IReadOnlyDictionary<string, TensorData> ToOpenAi(CheckpointFile checkpoint)
    {
        var tensors = Of(checkpoint).Tensors;
        if (IsHuggingFace(tensors))
            return FromHuggingFace(checkpoint.Path, tensors);
        if (!tensors.ContainsKey(TokenEmbedding))
            throw new CheckpointException(
                checkpoint.Path,
                $"it holds no CLIP: there is no {TokenEmbedding}, nor Hugging Face's {Outside[0].HuggingFace}. {checkpoint.Contents} "
                + "Give a CLIP with both towers: OpenAI's .pt, a state dict with its names, or a Hugging Face CLIPModel.");
        return tensors.Where(tensor => !IsNotNeeded(tensor.Key)).ToDictionary();
    }

    /// <summary>Keys of the file that are known and hold no weight, and those that lie beside the CLIP.</summary>
    public static IReadOnlyList<string> NotNeeded(CheckpointFile checkpoint)
    {
        var network = Of(checkpoint);
        return [.. network.Tensors.Keys.Where(IsNotNeeded).Select(name => network.Keys[name]), .. network.Beside];
    }

    /// <summary>Whether the file has Hugging Face's names: then a config.json beside it tells what shapes do not.</summary>
    public static bool IsHuggingFace(CheckpointFile checkpoint) => IsHuggingFace(Of(checkpoint).Tensors);

    private static bool IsHuggingFace(IReadOnlyDictionary<string, TensorData> tensors) => tensors.ContainsKey(Outside[0].HuggingFace);

    private static NetworkTensors Of(CheckpointFile checkpoint) => NetworkTensors.Of(checkpoint, Outside[0].HuggingFace, TokenEmbedding);

    private static bool IsNotNeeded(string name) => Settings.Contains(name) || name.EndsWith(".position_ids", StringComparison.Ordinal);

    /// <summary>The same weights as Hugging Face's CLIPModel names and lays them out.</summary>
    /// <param name="tensors">Under OpenAI's names, with a vision transformer.</param>
    /// <exception cref="ArgumentException">A tensor has no place in a CLIPModel, as those of a ModifiedResNet.</exception>
    public static IReadOnlyDictionary<string, TensorData> ToHuggingFace(IReadOnlyDictionary<string, TensorData> tensors)
    {
        var renamed = new Dictionary<string, TensorData>();
        foreach (var (key, tensor) in tensors)
        {
            if (Outside.FirstOrDefault(name => name.OpenAi == key).HuggingFace is { } same)
                renamed[same] = tensor;
            else if (Projections.FirstOrDefault(name => name.OpenAi == key).HuggingFace is { } projection)
                renamed[projection] = Transposed(tensor);
            else if (OpenAiBlock().Match(key) is { Success: true } block)
            {
                var layer =
                    $"{Towers.Single(tower => tower.Prefix == block.Groups["tower"].Value).Tower}.encoder.layers.{block.Groups["layer"].Value}";
                var (part, kind) = (block.Groups["part"].Value, block.Groups["kind"].Value);
                if (part == "attn.in_proj")
                    for (var i = 0; i < 3; i++)
                        renamed[$"{layer}.self_attn.{"qkv"[i]}_proj.{kind}"] = Third(tensor, i);
                else
                    renamed[$"{layer}.{InBlock.Single(name => name.OpenAi == part).HuggingFace}.{kind}"] = tensor;
            }
            else
                throw new ArgumentException($"'{key}' has no place in Hugging Face's CLIPModel, which knows vision transformers only.",
                    nameof(tensors));
        }

        return renamed;
    }

    private static Dictionary<string, TensorData> FromHuggingFace(string path, IReadOnlyDictionary<string, TensorData> tensors)
    {
        var renamed = new Dictionary<string, TensorData>();
        foreach (var (key, tensor) in tensors)
        {
            if (IsNotNeeded(key))
                continue;
            if (Outside.FirstOrDefault(name => name.HuggingFace == key).OpenAi is { } same)
                renamed[same] = tensor;
            else if (Projections.FirstOrDefault(name => name.HuggingFace == key).OpenAi is { } projection)
                renamed[projection] = tensor.Shape.Count == 2 ? Transposed(tensor) : throw new CheckpointException(path, $"'{key}' is not a matrix.");
            else if (HuggingFaceBlock().Match(key) is { Success: true } block)
            {
                var layer = $"{Towers.Single(tower => tower.Tower == block.Groups["tower"].Value).Prefix}.resblocks.{block.Groups["layer"].Value}";
                var (part, kind) = (block.Groups["part"].Value, block.Groups["kind"].Value);
                if (part is "self_attn.q_proj")
                    renamed[$"{layer}.attn.in_proj_{kind}"] =
                        Joined(path, [.. "qkv".Select(letter => Part(key.Replace("q_proj", $"{letter}_proj", StringComparison.Ordinal)))]);
                else if (part is not ("self_attn.k_proj" or "self_attn.v_proj"))
                    renamed[$"{layer}.{InBlock.Single(name => name.HuggingFace == part).OpenAi}.{kind}"] = tensor;
            }
            else
                renamed[key] = tensor;
        }

        return renamed;

        (string Name, TensorData Data) Part(string name) =>
            (name, tensors.TryGetValue(name, out var part) ? part : throw new CheckpointException(path, $"'{name}' is missing."));
    }

    /// <summary>Query, key and value, one below the other.</summary>
    private static TensorData Joined(string path, (string Name, TensorData Data)[] parts)
    {
        var first = parts[0].Data;
        if (parts.FirstOrDefault(part =>
            part.Data.Type != first.Type || !part.Data.Shape.SequenceEqual(first.Shape) || first.Shape.Count == 0).Name is { } odd)
            throw new CheckpointException(path, $"'{odd}' does not fit '{parts[0].Name}': type and shape must be the same.");
        return new(first.Type, [3 * first.Shape[0], .. first.Shape.Skip(1)],
            () => [.. parts[0].Data.ToBytes(), .. parts[1].Data.ToBytes(), .. parts[2].Data.ToBytes()]);
    }

    /// <summary>Rows of a tensor: the first, second or last third.</summary>
    private static TensorData Third(TensorData tensor, int index)
    {
        var bytes = (int)(tensor.ByteCount / 3);
        return new(tensor.Type, [tensor.Shape[0] / 3, .. tensor.Shape.Skip(1)], () => tensor.ToBytes().AsSpan(index * bytes, bytes).ToArray());
    }

    private static TensorData Transposed(TensorData matrix)
    {
        var (rows, columns, size) = ((int)matrix.Shape[0], (int)matrix.Shape[1], matrix.Type.Size());
        return new(matrix.Type, [columns, rows], () =>
        {
            var bytes = matrix.ToBytes();
            var transposed = new byte[bytes.Length];
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    bytes.AsSpan((row * columns + column) * size, size).CopyTo(transposed.AsSpan((column * rows + row) * size));
            return transposed;
        });
    }

    [GeneratedRegex(@"^(?<tower>text_model|vision_model)\.encoder\.layers\.(?<layer>\d+)\.(?<part>self_attn\.[qkv]_proj|self_attn\.out_proj|layer_norm[12]|mlp\.fc[12])\.(?<kind>weight|bias)$")]
    private static partial Regex HuggingFaceBlock();

    [GeneratedRegex(@"^(?<tower>(?:visual\.)?transformer)\.resblocks\.(?<layer>\d+)\.(?<part>attn\.in_proj|attn\.out_proj|ln_[12]|mlp\.c_(?:fc|proj))[._](?<kind>weight|bias)$")]
    private static partial Regex OpenAiBlock();
}
