using Dashboard.Backend.Text;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Methods.SimSeg;

/// <summary>
/// A vision transformer as timm names it and a BERT as Hugging Face does, of a few kilobytes, with random weights and a vocabulary of given words.
/// </summary>
internal sealed class SmallTowers(TempFolder folder, IEnumerable<string> texts)
{
    public const int Width = 16;
    public const int PatchSize = 8;

    /// <summary>Of the file's positions; the tests' images have another one, so that positions are interpolated.</summary>
    private const int Grid = 3;
    private const int Positions = 30;

    private readonly Random _random = new(5);

    public string[] Pieces { get; } =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. texts.SelectMany(WordPieceTokenizer.Words).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The file of a ViT with two blocks, the classifier of ImageNet-21k included.</summary>
    public string Vision(Action<Dictionary<string, TensorData>>? alter = null)
    {
        var tensors = new Dictionary<string, TensorData>
        {
            ["cls_token"] = Draw(1, 1, Width),
            ["pos_embed"] = Draw(1, 1 + Grid * Grid, Width),
            ["patch_embed.proj.weight"] = Draw(Width, 3, PatchSize, PatchSize),
            ["patch_embed.proj.bias"] = Draw(Width),
            ["norm.weight"] = Ones(Width),
            ["norm.bias"] = Draw(Width),
            ["head.weight"] = Draw(7, Width),
            ["head.bias"] = Draw(7),
            ["pre_logits.fc.weight"] = Draw(Width, Width),
            ["pre_logits.fc.bias"] = Draw(Width),
        };
        for (var block = 0; block < 2; block++)
        {
            foreach (var norm in new[] { "norm1", "norm2" })
                (tensors[$"blocks.{block}.{norm}.weight"], tensors[$"blocks.{block}.{norm}.bias"]) = (Ones(Width), Draw(Width));
            foreach (var (name, output, input) in new[] { ("attn.qkv", 3 * Width, Width), ("attn.proj", Width, Width), ("mlp.fc1", 2 * Width, Width),
                ("mlp.fc2", Width, 2 * Width) })
                (tensors[$"blocks.{block}.{name}.weight"], tensors[$"blocks.{block}.{name}.bias"]) = (Draw(output, input), Draw(output));
        }
        alter?.Invoke(tensors);
        var path = folder.File($"vit-{Guid.NewGuid():N}.safetensors");
        SafetensorsFile.Write(path, tensors);
        return path;
    }

    /// <summary>The folder of a BERT with one layer of two heads.</summary>
    /// <param name="old">As bert-base-uncased is stored: within "bert.", norms with gamma and beta, what is predicted beside it.</param>
    public string Text(bool old = true, Action<Dictionary<string, TensorData>>? alter = null, string configuration = """{ "model_type": "bert", "num_attention_heads": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12 }""")
    {
        var layer = "encoder.layer.0";
        var tensors = new Dictionary<string, TensorData>
        {
            ["embeddings.word_embeddings.weight"] = Draw(Pieces.Length, Width),
            ["embeddings.position_embeddings.weight"] = Draw(Positions, Width),
            ["embeddings.token_type_embeddings.weight"] = Draw(2, Width),
            ["pooler.dense.weight"] = Draw(Width, Width),
            ["pooler.dense.bias"] = Draw(Width),
        };
        foreach (var norm in new[] { "embeddings.LayerNorm", $"{layer}.attention.output.LayerNorm", $"{layer}.output.LayerNorm" })
            (tensors[$"{norm}.{(old ? "gamma" : "weight")}"], tensors[$"{norm}.{(old ? "beta" : "bias")}"]) = (Ones(Width), Draw(Width));
        foreach (var (name, output, input) in new[]
        {
            ("attention.self.query", Width, Width), ("attention.self.key", Width, Width), ("attention.self.value", Width, Width),
            ("attention.output.dense", Width, Width),
            ("intermediate.dense", 2 * Width, Width), ("output.dense", Width, 2 * Width),
        })
            (tensors[$"{layer}.{name}.weight"], tensors[$"{layer}.{name}.bias"]) = (Draw(output, input), Draw(output));
        alter?.Invoke(tensors);
        if (old)
        {
            tensors = tensors.ToDictionary(tensor => "bert." + tensor.Key, tensor => tensor.Value);
            tensors["cls.predictions.bias"] = Draw(Pieces.Length);
        }

        var path = folder.File($"bert-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        SafetensorsFile.Write(Path.Combine(path, "model.safetensors"), tensors);
        File.WriteAllText(Path.Combine(path, "config.json"), configuration);
        File.WriteAllLines(Path.Combine(path, "vocab.txt"), Pieces);
        return path;
    }

    private TensorData Draw(params long[] shape) =>
        TensorData.Of([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (count, side) => count * side))
            .Select(_ => (_random.NextSingle() - 0.5f) * 0.6f)], shape);

    private static TensorData Ones(int count) => TensorData.Of([.. Enumerable.Repeat(1f, count)], count);
}
