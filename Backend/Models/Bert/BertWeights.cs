using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

namespace Dashboard.Backend.Models.Bert;

/// <summary>BERT as Hugging Face publishes it, such as bert-base-uncased. Its pooler and what is predicted from it are not needed.</summary>
public sealed class BertWeights : IDisposable
{
    /// <summary>Before the names where a file holds more than BERT itself.</summary>
    private const string Inner = "bert.";

    private readonly CheckpointFile _file;
    private readonly IReadOnlyDictionary<string, TensorData> _tensors;

    private BertWeights(CheckpointFile file)
    {
        _file = file;
        _tensors = SimSegNames.OfTower(file, "text_encoder.", "embeddings.word_embeddings.weight", Inner);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        Vocabulary = Path.Combine(folder, "vocab.txt");
        Shape = Configured(
            TowerShapes.Bert(new TensorShapes(file.Path, _tensors, "BERT with Hugging Face's names", "Give the folder of bert-base-uncased.")),
            Path.Combine(folder, "config.json"));
        TowerShapes.RequireAll(file.Path, _tensors, SimSegTensors.Of(Shape), "BERT");
    }

    public BertShape Shape { get; }

    /// <summary>Where the pieces of words must lie: beside the checkpoint.</summary>
    public string Vocabulary { get; }

    /// <summary>Reads names, sizes and configuration. Needs no tensor library.</summary>
    /// <param name="path">
    /// A checkpoint, or a folder with <c>model.safetensors</c> or <c>pytorch_model.bin</c>. A <c>config.json</c> beside it is heeded.
    /// </param>
    /// <exception cref="CheckpointException">Damaged, no BERT, not a whole one, or one that computes something else: names the key.</exception>
    public static BertWeights Open(string path) => CheckpointFile.Open(path, file => new BertWeights(file));

    /// <summary>Overwrites every weight of a tower of <see cref="Shape"/>.</summary>
    /// <returns>A sentence that says what was loaded.</returns>
    public string LoadInto(BertModel tower)
    {
        TensorFile.LoadStrict(tower.state_dict(), _tensors, _file.Path);
        return $"Initialised BERT from {_file.Path} ({_file.Format}, {_tensors.Count} tensors, {Shape.Heads} heads).";
    }

    public void Dispose() => _file.Dispose();

    /// <summary>What shapes do not tell. What the file leaves out is as in bert-base-uncased.</summary>
    private static BertShape Configured(BertShape shape, string path)
    {
        try
        {
            using var json = File.Exists(path) ? JsonDocument.Parse(
                RegularFile.ReadAllBytes(path, ClipWeights.MostConfigurationBytes, "a model's configuration")) : JsonDocument.Parse("{}");
            var root = json.RootElement;
            RequireBert(root, path);
            shape = shape with
            {
                Heads = Setting(root, "num_attention_heads")?.GetInt32() ?? shape.Heads,
                Dropout = Setting(root, "hidden_dropout_prob")?.GetDouble() ?? shape.Dropout,
                AttentionDropout = Setting(root, "attention_probs_dropout_prob")?.GetDouble() ?? shape.AttentionDropout,
            };
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"it is not the configuration of a BERT: {error.Message}", error);
        }
        if (shape.Heads < 1 || shape.Width % shape.Heads != 0)
            throw new CheckpointException(path, $"{shape.Heads} attention heads (num_attention_heads) do not divide the width {shape.Width}.");
        if (shape.Dropout is not (>= 0 and < 1) || shape.AttentionDropout is not (>= 0 and < 1))
            throw new CheckpointException(path, "hidden_dropout_prob and attention_probs_dropout_prob must be from 0 to less than 1.");
        return shape;
    }

    /// <summary>The same tensors can mean another network.</summary>
    private static void RequireBert(JsonElement root, string path)
    {
        Require("model_type", "bert", Setting(root, "model_type")?.GetString());
        Require("hidden_act", "gelu", Setting(root, "hidden_act")?.GetString());
        Require("position_embedding_type", "absolute", Setting(root, "position_embedding_type")?.GetString());
        if (Setting(root, "layer_norm_eps")?.GetDouble() is { } epsilon && Math.Abs(epsilon - BertModel.Epsilon) > BertModel.Epsilon / 10)
            throw new CheckpointException(path,
                $"its layer_norm_eps is {epsilon:0e+0}, but BERT's is {BertModel.Epsilon:0e+0}. Give the folder of bert-base-uncased.");

        void Require(string key, string expected, string? found)
        {
            if ((found ?? expected) != expected)
                throw new CheckpointException(path, $"its {key} is '{found}', but BERT's is '{expected}'. Give the folder of bert-base-uncased.");
        }
    }

    private static JsonElement? Setting(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
