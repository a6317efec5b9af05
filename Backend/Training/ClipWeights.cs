using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Files;
using Dashboard.Backend.Models.Clip;

namespace Dashboard.Backend.Training;

/// <summary>CLIP models from files: OpenAI's .pt, a state dict with OpenAI's names, or a Hugging Face folder; and our own to a file.</summary>
public static class ClipWeights
{
    /// <summary>Of the JSON beside a model.</summary>
    internal const long MostConfigurationBytes = 16 << 20;

    private const string VisionHeads = "vision_heads";
    private const string TextHeads = "text_heads";
    private const string Activation = "activation";

    // As Hugging Face's config.json names them.
    private const string QuickGelu = "quick_gelu";
    private const string Gelu = "gelu";

    /// <summary>A model of the size that the file's tensors have.</summary>
    /// <param name="path">A checkpoint, or a folder with <c>config.json</c> and <c>model.safetensors</c> or <c>pytorch_model.bin</c>.</param>
    /// <exception cref="CheckpointException">Damaged, or no CLIP: names the file and the key at fault.</exception>
    public static ClipModel Load(string path)
    {
        using var file = CheckpointFile.Open(WeightsOf(path));
        return Load(path, file);
    }

    /// <inheritdoc cref="Load(string)"/>
    /// <param name="file">The checkpoint there, for who reads more of it than the model.</param>
    internal static ClipModel Load(string path, CheckpointFile file)
    {
        var tensors = ClipNames.ToOpenAi(file);
        var model = new ClipModel(ShapeOf(path, file, tensors));
        try
        {
            TensorFile.LoadStrict(model.state_dict(), tensors, file.Path);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes a safetensors file that <see cref="Load(string)"/> reads.</summary>
    /// <param name="remarks">What else the file's metadata shall say, for people and other programs.</param>
    /// <exception cref="IOException">The disk is full: what stood at <paramref name="path"/> is untouched.</exception>
    public static void Save(ClipModel model, string path, IReadOnlyDictionary<string, string>? remarks = null) => SafetensorsFile.Write(
        path,
        TensorFile.ToData(model),
        new Dictionary<string, string>(remarks ?? new Dictionary<string, string>())
        {
            [VisionHeads] = model.Shape.VisionHeads.ToString(CultureInfo.InvariantCulture),
            [TextHeads] = model.Shape.TextHeads.ToString(CultureInfo.InvariantCulture),
            [Activation] = model.Shape.QuickGelu ? QuickGelu : Gelu,
        });

    /// <summary>The checkpoint in a folder; a file is its own.</summary>
    /// <exception cref="CheckpointException">The folder has none.</exception>
    internal static string WeightsOf(string path)
    {
        if (!Directory.Exists(path))
            return path;
        string[] names = ["model.safetensors", "pytorch_model.bin"];
        return names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new CheckpointException(path, $"the folder has neither {names[0]} nor {names[1]}.");
    }

    /// <summary>A model's sizes, from its tensors and, where there is one, the folder's configuration. Needs no tensor library.</summary>
    /// <param name="path">As given to <see cref="Load(string)"/>.</param>
    /// <param name="tensors">Under OpenAI's names.</param>
    /// <exception cref="CheckpointException">No CLIP, or a configuration that does not fit it: names the key.</exception>
    internal static ClipShape ShapeOf(string path, CheckpointFile file, IReadOnlyDictionary<string, TensorData> tensors) =>
        Configured(ClipShapeReader.Read(file.Path, tensors), path, file);

    /// <summary>What shapes do not tell: the number of heads, and the activation.</summary>
    private static ClipShape Configured(ClipShape shape, string path, CheckpointFile file)
    {
        var configuration = Path.Combine(path, "config.json");
        if (!Directory.Exists(path) || !File.Exists(configuration))
        {
            var quickGelu = IsQuickGelu(file.Metadata.GetValueOrDefault(Activation), file.Path);
            return WithHeads(shape, file.Path, Number(file, VisionHeads), Number(file, TextHeads)) with { QuickGelu = quickGelu };
        }

        try
        {
            using var json = JsonDocument.Parse(RegularFile.ReadAllBytes(configuration, MostConfigurationBytes, "a model's configuration"));
            var quickGelu = IsQuickGelu(Setting(json, "vision_config", "hidden_act")?.GetString(), configuration);
            return WithHeads(shape, configuration, Heads(json, "vision_config"), Heads(json, "text_config")) with { QuickGelu = quickGelu };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(configuration, $"it is no configuration of a CLIPModel: {error.Message}", error);
        }
    }

    private static ClipShape WithHeads(ClipShape shape, string path, int? vision, int? text)
    {
        shape = shape with { VisionHeads = vision ?? shape.VisionHeads, TextHeads = text ?? shape.TextHeads };
        var visionWidth = shape.IsResNet ? shape.VisionWidth * ClipShape.ResNetFactor : shape.VisionWidth;
        return Divides(shape.VisionHeads, visionWidth) && Divides(shape.TextHeads, shape.TextWidth)
            ? shape
            : throw new CheckpointException(path, $"{shape.VisionHeads} and {shape.TextHeads} attention heads do not divide the widths {visionWidth} and {shape.TextWidth}.");
    }

    /// <param name="activation">Null where the file leaves it at CLIP's.</param>
    private static bool IsQuickGelu(string? activation, string path) => (activation ?? QuickGelu) switch
    {
        QuickGelu => true,
        Gelu => false,
        _ => throw new CheckpointException(path, $"the activation '{activation}' is not known; known are {QuickGelu} and {Gelu}."),
    };

    private static bool Divides(int heads, int width) => heads > 0 && width % heads == 0;

    private static int? Number(CheckpointFile file, string key) =>
        file.Metadata.TryGetValue(key, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Heads(JsonDocument json, string section) => Setting(json, section, "num_attention_heads")?.GetInt32();

    /// <summary>Null where the file leaves it at its default.</summary>
    private static JsonElement? Setting(JsonDocument json, string section, string name) =>
        json.RootElement.TryGetProperty(section, out var settings) && settings.TryGetProperty(name, out var value) ? value : null;
}
