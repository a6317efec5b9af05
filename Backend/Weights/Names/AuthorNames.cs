using System.Text.RegularExpressions;

namespace Dashboard.Backend.Weights.Names;

/// <summary>Which of the authors' networks a state dict of ours is.</summary>
public enum AuthorNetwork
{
    /// <summary>IRN's and CLIMS's classification network on ResNet-50: res50_cam.pth, res50_clims.pth.</summary>
    Cam,

    /// <summary>IRN's network of boundaries and displacements: res50_irn.pth.</summary>
    Irn,

    /// <summary>PSA's AffinityNet on ResNet-38 or VGG16: res38_aff.pth, vgg16_aff.pth.</summary>
    Psa,

    /// <summary>DeepLabV2 of deeplab-pytorch behind its multi-scale wrapper: checkpoint_final.pth.</summary>
    Deeplab,
}

/// <summary>
/// The names under which the authors' code loads what is trained here. IRN and CLIMS register their modules several times, and load strictly: a file
/// for them has every tensor under each of its names.
/// </summary>
public static partial class AuthorNames
{
    /// <returns>Null where no code of the authors' has such a network: its names are ours.</returns>
    public static AuthorNetwork? Of(IReadOnlyDictionary<string, TensorData> tensors)
    {
        if (tensors.ContainsKey("fc_edge6.weight") && IsResNet50(tensors))
            return AuthorNetwork.Irn;
        if (tensors.ContainsKey("f9.weight")
            && (tensors.ContainsKey("backbone.b7.conv_branch2a.weight") || tensors.ContainsKey("backbone.fc7.weight")))
            return AuthorNetwork.Psa;
        if (tensors.ContainsKey("aspp.c0.weight") && tensors.ContainsKey("backbone.layer1.conv1.conv.weight"))
            return AuthorNetwork.Deeplab;
        return tensors.ContainsKey("classifier.weight") && IsResNet50(tensors) && !tensors.Keys.Any(name =>
            name.StartsWith("bottleneck.", StringComparison.Ordinal)) ? AuthorNetwork.Cam : null;
    }

    /// <summary>The names of one of our tensors in the authors' network; the first is the one that needs no other.</summary>
    public static IReadOnlyList<string> Of(AuthorNetwork network, string name) => network switch
    {
        AuthorNetwork.Cam =>
            name.StartsWith(Backbone, StringComparison.Ordinal)
                ? OfBackbone(name[Backbone.Length..], stem: 0)
                : [name, name.Replace("classifier.", "newly_added.0.", StringComparison.Ordinal)],
        AuthorNetwork.Irn when name.StartsWith(Backbone, StringComparison.Ordinal) => OfBackbone(name[Backbone.Length..], stem: 1),
        AuthorNetwork.Irn => OfBranch(name),
        AuthorNetwork.Psa => [name.StartsWith(Backbone, StringComparison.Ordinal) ? name[Backbone.Length..] : name],
        _ => ["base." + (name.StartsWith(Backbone, StringComparison.Ordinal) ? name[Backbone.Length..] : name)],
    };

    private const string Backbone = "backbone.";

    /// <summary>resnet50.NAME, stageN.NAME and backbone.(N-1).NAME; IRN's network has the stem in a stage of its own.</summary>
    /// <param name="stem">Stages before the one that holds layer 1.</param>
    private static IReadOnlyList<string> OfBackbone(string name, int stem)
    {
        var (stage, within) = Layer().Match(name) is { Success: true } layer
            ? (layer.Groups[1].Value[0] - '0' + stem, (layer.Groups[1].Value == "1" && stem == 0 ? "4." : "0.") + layer.Groups[2].Value)
            : (1, name.Replace("conv1.", "0.", StringComparison.Ordinal).Replace("bn1.", "1.", StringComparison.Ordinal));
        return [$"resnet50.{name}", $"stage{stage}.{within}", $"backbone.{stage - 1}.{within}"];
    }

    private static IReadOnlyList<string> OfBranch(string name)
    {
        if (name == MeanDisplacement)
            return [name, "fc_dp7.4.running_mean", "dp_layers.6.4.running_mean"];
        return Branch().Match(name) is { Success: true } branch
            ? [name, $"{(branch.Groups[1].Value == "edge" ? "edge" : "dp")}_layers.{branch.Groups[2].Value[0] - '1'}.{branch.Groups[3].Value}"]
            : [name];
    }

    internal const string MeanDisplacement = "mean_shift.running_mean";

    private static bool IsResNet50(IReadOnlyDictionary<string, TensorData> tensors) =>
        tensors.TryGetValue("backbone.conv1.weight", out var stem) && stem.Shape is [64, ..] && tensors.ContainsKey("backbone.layer3.5.conv3.weight")
            && !tensors.ContainsKey("backbone.layer3.6.conv3.weight");

    [GeneratedRegex(@"^layer([1-4])\.(.+)$")]
    private static partial Regex Layer();

    [GeneratedRegex(@"^fc_(edge|dp)([1-7])\.(.+)$")]
    private static partial Regex Branch();
}
