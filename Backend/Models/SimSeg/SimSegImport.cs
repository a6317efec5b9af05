using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>
/// What the file of a SimSeg model holds, compared with the whole model; not loaded yet, for which alone a tensor library is needed.
/// </summary>
/// <param name="Tensors">Those that the model takes, under our names.</param>
internal sealed partial record SimSegImport(SimSegShape Shape, IReadOnlyDictionary<string, TensorData> Tensors, ImportReport Report)
{
    /// <exception cref="CheckpointException">No SimSeg, or not a whole one: names the keys at fault.</exception>
    public static SimSegImport Of(CheckpointFile file)
    {
        var network = SimSegNames.Of(file);
        var (tensors, keys, unused) = (new Dictionary<string, TensorData>(), new Dictionary<string, string>(), network.Beside.ToList());
        foreach (var (authors, tensor) in network.Tensors)
        {
            var key = network.Keys[authors];
            if (SimSegNames.Rename(authors) is not { } name)
                unused.Add(key);
            else if (tensors.TryAdd(name, tensor))
                keys[name] = key;
            else
                throw new CheckpointException(file.Path, $"'{key}' is a second '{name}'.");
        }

        var shape =
            Configured(
                Read(new TensorShapes(file.Path, tensors, "SimSeg",
                    "Give the authors' simseg.vit-s.pth or simseg.vit-b.pth, or a model trained here.")), file);
        var report = ImportReport.Of(file.Path, tensors, SimSegTensors.Of(shape), name => name == SimSegTensors.Temperature, unused);
        foreach (var name in report.Unexpected)
        {
            RequireAttention(file.Path, name, shape);
            tensors.Remove(name);
        }
        return new(shape, tensors, report with { Unexpected = [.. report.Unexpected.Select(name => keys[name])] });
    }

    private static SimSegShape Read(TensorShapes shapes)
    {
        var embedding = shapes.Side("image_projection.linear.weight", 0, 2);
        var (vit, bert) = (TowerShapes.Vit(shapes, "image_encoder."), TowerShapes.Bert(shapes, "text_encoder."));
        return bert.Positions >= SimSegShape.ContextLength
            ? new(vit, bert, embedding)
            : throw shapes.Misfit("text_encoder.embeddings.position_embeddings.weight", $"at least {SimSegShape.ContextLength} positions");
    }

    /// <summary>Layers are counted by their attentions: a tensor of a further layer tells that an attention is missing.</summary>
    private static void RequireAttention(string path, string unexpected, SimSegShape shape)
    {
        if (Layer().Match(unexpected) is not { Success: true } layer)
            return;
        var (layers, attention) = layer.Groups["tower"].Value == "image_encoder" ? (shape.Image.Layers, "attn.qkv.weight") : (shape.Text.Layers,
            "attention.self.query.weight");
        if (int.Parse(layer.Groups["index"].Value, CultureInfo.InvariantCulture) >= layers)
            throw new CheckpointException(path, $"it holds '{unexpected}', but '{layer.Value}{attention}' is missing. Take the whole checkpoint.");
    }

    [GeneratedRegex(@"^(?<tower>image_encoder|text_encoder)\.(blocks|encoder\.layer)\.(?<index>\d{1,9})\.")]
    private static partial Regex Layer();

    /// <summary>What shapes do not tell; the authors' files do not either, and have the published heads and dropout.</summary>
    private static SimSegShape Configured(SimSegShape shape, CheckpointFile file)
    {
        var (vision, text) = (Heads(SimSegWeights.VisionHeads) ?? shape.Image.Heads, Heads(SimSegWeights.TextHeads) ?? shape.Text.Heads);
        if (shape.Image.Width % vision != 0 || shape.Text.Width % text != 0)
            throw new CheckpointException(file.Path,
                $"{vision} and {text} attention heads do not divide the widths {shape.Image.Width} and {shape.Text.Width}.");
        return shape with
        {
            Image = shape.Image with { Heads = vision },
            Text = shape.Text with
            {
                Heads = text,
                Dropout = Share(SimSegWeights.TextDropout) ?? shape.Text.Dropout,
                AttentionDropout = Share(SimSegWeights.TextAttentionDropout) ?? shape.Text.AttentionDropout,
            },
        };

        int? Heads(string key) =>
            file.Metadata.TryGetValue(key, out var number) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture,
                out var heads) && heads > 0 ? heads : null;

        double? Share(string key) =>
            file.Metadata.TryGetValue(key, out var number) && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture,
                out var share) && share is >= 0 and < 1 ? share : null;
    }
}
