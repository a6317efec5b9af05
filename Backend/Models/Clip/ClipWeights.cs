using System.Globalization;
using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

namespace Dashboard.Backend.Models.Clip;

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

    /// <summary>What to do where <see cref="ActivationOf"/> finds nothing.</summary>
    internal const string AskForActivation =
        "its file does not tell whether it was trained with QuickGELU or GELU, and with the wrong one it answers wrongly. Add it with its "
        + "activation: quickgelu for OpenAI's weights and "
        + "those of open_clip that have 'quickgelu' in their name, gelu for open_clip's others";

    /// <summary>A model of the size that the file's tensors have.</summary>
    /// <param name="path">A checkpoint, or a folder with <c>config.json</c> and <c>model.safetensors</c> or <c>pytorch_model.bin</c>.</param>
    /// <param name="activation">What a person says of it, for files that do not tell.</param>
    /// <exception cref="CheckpointException">Damaged, no CLIP, or of an activation that is not known: names the file and the key at
    /// fault.</exception>
    public static ClipModel Load(string path, ClipActivation? activation = null)
    {
        using var file = CheckpointFile.Open(path);
        return Load(path, file, activation);
    }

    /// <inheritdoc cref="Load(string, ClipActivation?)"/>
    /// <param name="file">The checkpoint there, for a caller that reads more of it than the model.</param>
    internal static ClipModel Load(string path, CheckpointFile file, ClipActivation? activation)
    {
        var tensors = ClipNames.ToOpenAi(file);
        var used = ActivationOf(path, file) ?? activation ?? throw new CheckpointException(file.Path,
            $"{AskForActivation} (on the Models page, or by: model add {path} --activation quickgelu).");
        var model = new ClipModel(ShapeOf(path, file, tensors) with { QuickGelu = used == ClipActivation.QuickGelu });
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

    /// <summary>Writes a safetensors file that <see cref="Load(string, ClipActivation?)"/> reads.</summary>
    /// <param name="remarks">What else the file's metadata should say, for people and other programs.</param>
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

    /// <summary>A model's sizes, from its tensors and, where there is one, the folder's configuration. Needs no tensor library.</summary>
    /// <param name="path">As given to <see cref="Load(string, ClipActivation?)"/>.</param>
    /// <param name="tensors">Under OpenAI's names.</param>
    /// <exception cref="CheckpointException">No CLIP, or a configuration that does not fit it: names the key.</exception>
    internal static ClipShape ShapeOf(string path, CheckpointFile file, IReadOnlyDictionary<string, TensorData> tensors) =>
        Configured(ClipShapeReader.Read(file.Path, tensors), path, file);

    /// <summary>The activation that a model was trained with, as its file or the configuration beside it tells; null where they do not.</summary>
    /// <exception cref="CheckpointException">It is one that is not known here, or the configuration is damaged.</exception>
    internal static ClipActivation? ActivationOf(string path, CheckpointFile file)
    {
        if (ConfigurationOf(path, file) is { } configuration && Read(configuration, Configured) is { } configured)
            return Known(configured, configuration);
        if (file.Metadata.TryGetValue(Activation, out var written))
            return Known(written, file.Path);
        // OpenAI alone publishes TorchScript.
        return file.IsScript ? ClipActivation.QuickGelu : null;
    }

    /// <summary>What a CLIPModel's configuration leaves out is QuickGELU; null where it is another kind's.</summary>
    private static string? Configured(JsonDocument json) =>
        json.RootElement.TryGetProperty("vision_config", out _) || json.RootElement.TryGetProperty("text_config", out _)
        ? Setting(json, "vision_config", "hidden_act")?.GetString() ?? Setting(json, "text_config", "hidden_act")?.GetString() ?? QuickGelu
        : null;

    /// <summary>What shapes do not tell: the number of heads.</summary>
    private static ClipShape Configured(ClipShape shape, string path, CheckpointFile file) => ConfigurationOf(path, file) is { } configuration
        ? Read(configuration, json => WithHeads(shape, configuration, Heads(json, "vision_config"), Heads(json, "text_config")))
        : WithHeads(shape, file.Path, Number(file, VisionHeads), Number(file, TextHeads));

    /// <summary>The config.json of a folder; beside a file only where it has Hugging Face's names, for otherwise the configuration may be another
    /// model's.</summary>
    private static string? ConfigurationOf(string path, CheckpointFile file)
    {
        var configuration = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, "config.json");
        return File.Exists(configuration) && (Directory.Exists(path) || ClipNames.IsHuggingFace(file)) ? configuration : null;
    }

    private static T Read<T>(string configuration, Func<JsonDocument, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(RegularFile.ReadAllBytes(configuration, MostConfigurationBytes, "a model's configuration"));
            return read(json);
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(configuration, $"it is not the configuration of a CLIPModel: {error.Message}", error);
        }
    }

    private static ClipShape WithHeads(ClipShape shape, string path, int? vision, int? text)
    {
        shape = shape with { VisionHeads = vision ?? shape.VisionHeads, TextHeads = text ?? shape.TextHeads };
        var visionWidth = shape.IsResNet ? shape.VisionWidth * ClipShape.ResNetFactor : shape.VisionWidth;
        return Divides(shape.VisionHeads, visionWidth) && Divides(shape.TextHeads, shape.TextWidth)
            ? shape
            : throw new CheckpointException(path,
                $"{shape.VisionHeads} and {shape.TextHeads} attention heads do not divide the widths {visionWidth} and {shape.TextWidth}.");
    }

    private static ClipActivation Known(string activation, string path) => activation switch
    {
        QuickGelu => ClipActivation.QuickGelu,
        Gelu => ClipActivation.Gelu,
        _ => throw new CheckpointException(path, $"the activation '{activation}' is not known; known are {QuickGelu} and {Gelu}."),
    };

    private static bool Divides(int heads, int width) => heads > 0 && width % heads == 0;

    private static int? Number(CheckpointFile file, string key) =>
        file.Metadata.TryGetValue(key, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static int? Heads(JsonDocument json, string section) => Setting(json, section, "num_attention_heads")?.GetInt32();

    /// <summary>Null where the file leaves it at its default.</summary>
    private static JsonElement? Setting(JsonDocument json, string section, string name) =>
        json.RootElement.TryGetProperty(section, out var settings) && settings.TryGetProperty(name, out var value) ? value : null;
}
