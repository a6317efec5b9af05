using System.Text.RegularExpressions;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;

namespace Dashboard.Backend.Models;

/// <summary>A trained network of the authors' code, or one exported here, under our names.</summary>
/// <param name="Tensors">Each once, although IRN and CLIMS register most of theirs several times.</param>
internal sealed partial record AuthorTensors(string Path, AuthorNetwork Network, IReadOnlyDictionary<string, TensorData> Tensors)
{
    private const string BackboneName = "backbone.";

    /// <summary>By one of these a network is known whatever a training script has put before its names.</summary>
    private static readonly string[] Anchors =
    [
        "fc_edge6.weight", "f9.weight", "aspp.c0.weight", "base.aspp.c0.weight", "classifier.weight", "newly_added.0.weight", "fc8.weight",
        "resnet50.conv1.weight",
    ];

    /// <summary>For people.</summary>
    public string Title => Network switch
    {
        AuthorNetwork.Cam => "a CAM network",
        AuthorNetwork.Irn => "IRN's network of boundaries and displacements",
        AuthorNetwork.Psa => "PSA's AffinityNet",
        _ => "a DeepLabV2",
    };

    /// <summary>The ResNet of a CAM network or of IRN's.</summary>
    /// <exception cref="CheckpointException">It is not whole, or of another kind.</exception>
    public ResNetShape Backbone => ResNetShapeReader.Read(Path, Tensors.Where(tensor => tensor.Key.StartsWith(BackboneName, StringComparison.Ordinal))
        .ToDictionary(tensor => tensor.Key[BackboneName.Length..], tensor => tensor.Value));

    /// <exception cref="CheckpointException">It is none of the networks that are known here: says what the file holds.</exception>
    public static AuthorTensors Of(CheckpointFile file)
    {
        var tensors = NetworkTensors.Of(file, Anchors).Tensors;
        if (tensors.ContainsKey("fc_edge6.weight"))
            return new(file.Path, AuthorNetwork.Irn, Irn(tensors));
        if (tensors.ContainsKey("f9.weight"))
            return new(file.Path, AuthorNetwork.Psa, Renamed(tensors, name => Head().IsMatch(name) ? name : InBackbone(name)));
        if (tensors.Keys.Any(name => name.EndsWith("aspp.c0.weight", StringComparison.Ordinal))
            && tensors.Keys.Any(name => name.EndsWith("layer1.conv1.conv.weight", StringComparison.Ordinal)))
            return new(file.Path, AuthorNetwork.Deeplab,
                Renamed(tensors, name => name.StartsWith("base.", StringComparison.Ordinal) ? name[5..] : name,
                name => name.StartsWith("aspp.", StringComparison.Ordinal) ? name : InBackbone(name)));
        if (tensors.ContainsKey("fc8.weight"))
            throw new CheckpointException(file.Path,
                "it is PSA's classification network (fc8), which nothing here runs. Give its AffinityNet, res38_aff.pth, or the maps that it made "
                + "(what: softMaps).");
        if (tensors.ContainsKey("classifier.weight") || tensors.ContainsKey("newly_added.0.weight"))
            return new(file.Path, AuthorNetwork.Cam, ResNetNames.Rename(file).ToDictionary(
                tensor => tensor.Key.StartsWith("classifier.", StringComparison.Ordinal) ? tensor.Key : InBackbone(tensor.Key),
                tensor => tensor.Value));
        throw new CheckpointException(
            file.Path,
            $"it is none of the networks that are known here: a CAM network of IRN's or CLIMS's, IRN's own, PSA's AffinityNet, deeplab-pytorch's "
            + $"DeepLabV2. {CheckpointFile.Describe(file.Tensors.Keys)}");
    }

    /// <summary>resnet50.NAME is the backbone; stages and lists of layers are the same tensors again.</summary>
    private static IReadOnlyDictionary<string, TensorData> Irn(IReadOnlyDictionary<string, TensorData> tensors)
    {
        var isOurs = tensors.ContainsKey("backbone.conv1.weight");
        return tensors
            .Select(tensor => (Name: IrnName(tensor.Key, isOurs), tensor.Value))
            .Where(tensor => tensor.Name is not null)
            .DistinctBy(tensor => tensor.Name)
            .ToDictionary(tensor => tensor.Name!, tensor => tensor.Value);
    }

    private static string? IrnName(string name, bool isOurs)
    {
        if (name is "fc_dp7.4.running_mean")
            return AuthorNames.MeanDisplacement;
        if (isOurs || name.StartsWith("fc_", StringComparison.Ordinal) || name.StartsWith("mean_shift.", StringComparison.Ordinal))
            return name;
        return name.StartsWith("resnet50.", StringComparison.Ordinal) ? InBackbone(name["resnet50.".Length..]) : null;
    }

    private static IReadOnlyDictionary<string, TensorData> Renamed(IReadOnlyDictionary<string, TensorData> tensors,
        params Func<string, string>[] steps) =>
        tensors.ToDictionary(tensor => steps.Aggregate(tensor.Key, (name, step) => step(name)), tensor => tensor.Value);

    private static string InBackbone(string name) => name.StartsWith(BackboneName, StringComparison.Ordinal) ? name : BackboneName + name;

    [GeneratedRegex(@"^(f8_[345]|f9|gn8_[345])\.")]
    private static partial Regex Head();
}
