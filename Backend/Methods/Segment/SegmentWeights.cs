using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>
/// Weights that a segmentation network starts from: torchvision's ResNets, checkpoints of deeplab-pytorch (a DeepLabV1 of ImageNet or COCO, a trained
/// DeepLabV2, with or without the prefix of its multi-scale wrapper), and our own.
/// </summary>
public static partial class SegmentWeights
{
    private const string Stem = "layer1.conv1.conv.weight";

    /// <summary>What DeepLab's code and ours put before the names of the backbone.</summary>
    private static readonly string[] Stems = [$"backbone.{Stem}", $"base.{Stem}", Stem];

    /// <summary>Kind, blocks and channels of the backbone in a file.</summary>
    /// <exception cref="CheckpointException">It holds no ResNet of either kind: names file and key.</exception>
    public static (bool Caffe, ResNetShape Backbone) ReadShape(string path)
    {
        using var file = CheckpointFile.Open(path);
        var tensors = Named(file);
        if (!tensors.TryGetValue($"backbone.{Stem}", out var stem))
            return (false, ResNetShapeReader.Read(path));
        if (stem.Shape is not [> 0 and <= int.MaxValue / 32, 3, 7, 7])
            throw new CheckpointException(path, $"'{Stem}' has the shape [{string.Join(", ", stem.Shape)}], expected is [channels, 3, 7, 7].");
        return (true, new ResNetShape((int)stem.Shape[0], [.. Enumerable.Range(2, 4).Select(Blocks)]));

        int Blocks(int layer)
        {
            var numbers = tensors.Keys.Select(key =>
                Position().Match(key)).Where(match => match.Success && match.Groups["layer"].ValueSpan[0] - '0' == layer)
                .Select(match => int.Parse(match.Groups["block"].ValueSpan, CultureInfo.InvariantCulture)).Distinct().Order().ToList();
            return numbers.Count > 0 && numbers.SequenceEqual(Enumerable.Range(1, numbers.Count))
                ? numbers.Count
                : throw new CheckpointException(path,
                    $"its layer{layer} has the blocks {string.Join(", ", numbers)}, expected are those from 1 on, without gaps. Give a whole "
                    + "DeepLab.");
        }
    }

    /// <summary>Overwrites the backbone, and of the head what the file has in the network's shapes.</summary>
    /// <returns>A sentence that says what was loaded, and what was not.</returns>
    /// <exception cref="CheckpointException">The file is damaged, or holds another backbone: names the file and the key.</exception>
    public static string Load(SegmentationNet net, string path)
    {
        using var file = CheckpointFile.Open(path);
        var tensors = Named(file);
        var target = net.state_dict();
        string Kind(bool own) => own ? "DeepLab's own ResNet (layer1.conv1.conv.weight)" : "torchvision's ResNet (conv1.weight)";
        var (isOwn, needsOwn) = (tensors.ContainsKey($"backbone.{Stem}"), net.Backbone is DeeplabResNet);
        if (isOwn != needsOwn && (isOwn || tensors.ContainsKey("backbone.conv1.weight")))
            throw new CheckpointException(path,
                $"it holds {Kind(isOwn)}, the network stands on {Kind(needsOwn)}. Choose network auto, which takes the kind of the weights, or "
                + "give other weights.");

        var source = tensors.Where(tensor => tensor.Key.StartsWith("backbone.", StringComparison.Ordinal)).ToDictionary();
        var backbone = target.Where(tensor => tensor.Key.StartsWith("backbone.", StringComparison.Ordinal)).ToDictionary();
        if (net.Backbone is ResNet resNet)
            ImageNetWeights.LoadWhole(resNet, backbone, source, file);
        else
            TensorFile.LoadStrict(backbone, source, path);
        var left = TensorFile.LoadFitting(target.Where(tensor => !backbone.ContainsKey(tensor.Key)).ToDictionary(), tensors);
        var head = left.Count == 0 ? "The head comes from there, too." : $"{left.Count} tensors of the head are not in it and start as drawn.";
        return $"Initialised the backbone from {path} ({file.Format}, {source.Count} tensors). {head}";
    }

    /// <summary>
    /// Under our names: "backbone." before those of the backbone, the head's as they are; what is neither (a classifier, counters of the solver) is
    /// left out.
    /// </summary>
    private static IReadOnlyDictionary<string, TensorData> Named(CheckpointFile file)
    {
        var own = NetworkTensors.Of(file, Stems).Tensors;
        var named = new Dictionary<string, TensorData>();
        foreach (var (key, tensor) in own)
        {
            var name = key.StartsWith("base.", StringComparison.Ordinal) ? key["base.".Length..] : key;
            if (Layer().IsMatch(name))
                named[$"backbone.{name}"] = tensor;
            else if (Head().IsMatch(name) || OwnLayer().IsMatch(name))
                named[name] = tensor;
        }
        if (named.ContainsKey($"backbone.{Stem}"))
            return named;
        foreach (var (name, tensor) in ResNetNames.Rename(file).Where(tensor => !tensor.Key.StartsWith("classifier.", StringComparison.Ordinal)))
            named[$"backbone.{name}"] = tensor;
        return named;
    }

    [GeneratedRegex(@"^layer(1\.conv1|[2-5]\.block\d+\.(reduce|conv3x3|increase|shortcut))\.(conv|bn)\.")]
    private static partial Regex Layer();

    [GeneratedRegex(@"^backbone\.layer(1\.conv1|[2-5]\.block\d+\.(reduce|conv3x3|increase|shortcut))\.(conv|bn)\.")]
    private static partial Regex OwnLayer();

    [GeneratedRegex(@"^(aspp|low_level|decoder)\.")]
    private static partial Regex Head();

    [GeneratedRegex(@"^backbone\.layer(?<layer>[2-5])\.block(?<block>\d{1,6})\.")]
    private static partial Regex Position();
}
