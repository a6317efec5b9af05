using System.Text.RegularExpressions;

namespace Dashboard.Backend.Weights.Names;

/// <summary>
/// Brings the keys of published ResNet checkpoints to our names, which are torchvision's (conv1, bn1, layer1.0.conv1, ...) and
/// <c>classifier.weight</c>. IRN and CLIMS register the same weights several times (<c>resnet50.*</c>, <c>stageN.*</c>, <c>backbone.N.*</c>,
/// <c>newly_added.0</c>): one of each is kept.
/// </summary>
public static partial class ResNetNames
{
    private const string Classifier = "classifier.weight";

    /// <summary>The stem's convolution under all the names that it is published under.</summary>
    private static readonly string[] Stems =
    [
        "conv1.weight", "stage1.0.weight", "backbone.0.0.weight", "backbone.conv1.weight", "encoder.conv1.weight", "encoder_q.conv1.weight",
        .. ((string[])["", "18", "34", "50", "101", "152"]).Select(depth => $"resnet{depth}.conv1.weight"),
    ];

    /// <summary>Tensors under our names. ImageNet's classifier (fc) and what is not a part of a ResNet CAM network are left out.</summary>
    /// <exception cref="CheckpointException">No ResNet in it, or two tensors of different shape would get one name.</exception>
    public static IReadOnlyDictionary<string, TensorData> Rename(CheckpointFile checkpoint)
    {
        var renamed = new Dictionary<string, TensorData>();
        foreach (var (key, tensor) in NetworkTensors.Of(checkpoint, Stems).Tensors)
        {
            if (Rename(key) is not { } name)
                continue;
            if (!renamed.TryAdd(name, tensor) && !renamed[name].Shape.SequenceEqual(tensor.Shape))
                throw new CheckpointException(checkpoint.Path,
                    $"'{key}' is a second '{name}', of shape [{string.Join(", ", tensor.Shape)}] instead of "
                    + $"[{string.Join(", ", renamed[name].Shape)}].");
        }

        return renamed.ContainsKey("conv1.weight")
            ? renamed
            : throw new CheckpointException(
                checkpoint.Path,
                $"it holds no ResNet: there is no conv1.weight. {checkpoint.Contents} Give a ResNet of torchvision's, such as its resnet50, or a "
                + "CAM network's checkpoint.");
    }

    /// <summary>Our name of a key; null for what is not used.</summary>
    public static string? Rename(string key)
    {
        if (key is Classifier or "newly_added.0.weight")
            return Classifier;
        // backbone.N holds stage N+1.
        if (Backbone().Match(key) is { Success: true } backbone)
            key = $"stage{backbone.Groups[1].Value[0] - '0' + 1}.{backbone.Groups[2].Value}";
        // stage1 is the sequence conv1, bn1, relu, max-pool, layer1; stage N from 2 on holds layer N alone.
        if (Stage().Match(key) is { Success: true } stage)
        {
            var (number, position, rest) = (stage.Groups[1].Value, stage.Groups[2].Value, stage.Groups[3].Value);
            key = (number, position) switch
            {
                ("1", "0") => $"conv1.{rest}",
                ("1", "1") => $"bn1.{rest}",
                ("1", "4") or (not "1", "0") => $"layer{number}.{rest}",
                _ => "",
            };
        }

        key = Within().Replace(key, "");
        return Torchvision().IsMatch(key) ? key : null;
    }

    /// <summary>What a network calls its ResNet.</summary>
    [GeneratedRegex(@"^(resnet(18|34|50|101|152)?|backbone|encoder|encoder_q)\.")]
    private static partial Regex Within();

    [GeneratedRegex(@"^backbone\.([0-3])\.(.+)$")]
    private static partial Regex Backbone();

    [GeneratedRegex(@"^stage([1-4])\.(\d)\.(.+)$")]
    private static partial Regex Stage();

    [GeneratedRegex(
        @"^(conv1|bn1|layer[1-4]\.\d+\.(conv[1-3]|bn[1-3]|downsample\.[01]))\.(weight|bias|running_mean|running_var|num_batches_tracked)$")]
    private static partial Regex Torchvision();
}
