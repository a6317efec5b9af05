using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.Segmentation;


namespace Dashboard.Domain.Pipelines;

/// <summary>NSROM (CVPR 2021), both rounds; and its mining on the maps of another method.</summary>
public static class Nsrom
{
    private const string All = "all", Pom = "pom", OaCam = "oa-cam", Cam = "cam", Tags = "without-saliency";

    public static Pipeline Pipeline { get; } = new(
        "nsrom",
        "NSROM",
        "From image tags and saliency to a segmentation network in two rounds: classifier with accumulated maps, mined labels, network, masked "
        + "labels, network.",
        [
            new("builtin", "Built-in (CPU, minutes)", "Small networks from scratch on the co-occurrence world; saliency computed from the images."),
            new("animals", "A small folder of photographs (CPU)",
                "From the ImageNet weights of a small ResNet such as ResNet-18: give them as checkpoints, and saliency maps as saliency.folder."),
            new("paper", "Paper (VOC 2012)", "The published options; needs ImageNet's VGG-16, DeepLab's COCO weights and a folder of saliency maps."),
        ],
        [
            new("saliency", "saliency") { OnlyWith = [All, Pom, OaCam, Cam] },
            new("cam", "nsrom"),
            new("oa-cam", "iam") { From = Takes((IamMethod.Accumulated, ["cam"])), OnlyWith = [All, Pom, OaCam, Tags] },

            // Labels of the first round: with all there is, and less and less.
            new("labels", "pom")
            {
                From = Takes((PomMethod.Maps, ["oa-cam"]), (PomMethod.Cam, ["cam"]), (PomMethod.Saliency, ["saliency"])),
                OnlyWith = [All, Pom],
            },
            new("labels-without-saliency", "pom")
            {
                From = Takes((PomMethod.Maps, ["oa-cam"]), (PomMethod.Cam, ["cam"])),
                Options = new() { ["saliency"] = PomOptions.None },
                OnlyWith = [Tags],
            },
            new("labels-without-pom", "pom")
            {
                From = Takes((PomMethod.Maps, ["oa-cam"]), (PomMethod.Saliency, ["saliency"])),
                Options = new() { ["mining"] = PomOptions.None },
                OnlyWith = [OaCam],
            },
            new("labels-of-cam", "pom")
            {
                From = Takes((PomMethod.Maps, ["cam"]), (PomMethod.Saliency, ["saliency"])),
                Options = new() { ["mining"] = PomOptions.None },
                OnlyWith = [Cam],
            },
            Segment("round-1", "labels", "labels-without-saliency", "labels-without-pom", "labels-of-cam")
                with { Options = new() { ["predictTraining"] = true } },

            // What the first network has learned, without what is not salient.
            new("masked", "nsrm")
            {
                From = Takes((NsrmMethod.Prediction, ["round-1"]), (NsrmMethod.Labels, ["labels"]), (NsrmMethod.Saliency, ["saliency"])),
                OnlyWith = [All],
            },
            new("masked-without-saliency", "nsrm")
            {
                From = Takes((NsrmMethod.Prediction, ["round-1"]), (NsrmMethod.Labels, ["labels-without-saliency"])),
                Options = new() { ["saliency"] = NsrmOptions.None },
                OnlyWith = [Tags],
            },
            Segment("round-2", "masked", "masked-without-saliency") with { OnlyWith = [All, Tags] },
        ])
    {
        Choice = new(
            "parts",
            "All of NSROM; or what its ablation compares: labels of CAM, of OA-CAM, and with Potential Object Mining, one round each; or all of it "
            + "without saliency.",
            [All, Pom, OaCam, Cam, Tags]),
    };

    public static Pipeline OnClims { get; } = new(
        "clims-pom",
        "CLIMS with Potential Object Mining",
        "CLIMS maps, background from saliency, mining where the maps are active, and a segmentation network.",
        [
            new("builtin", "Built-in (CPU, minutes)", "The co-occurrence world, with the CLIP that ships with the project."),
            new("paper", "Paper (VOC 2012)", "The published options; needs ImageNet weights, a CLIP and a folder of saliency maps."),
        ],
        [
            new("cam", "cam"),
            new("clims", "clims") { From = Takes((ClimsMethod.Baseline, ["cam"])),
                Presets = new Dictionary<string, string> { ["paper"] = "improved" } },
            new("maps", "maps") { From = Takes((MapsMethod.Network, ["clims"])) },
            new("saliency", "saliency"),
            new("labels", "pom")
            {
                From = Takes((PomMethod.Maps, ["maps"]), (PomMethod.Saliency, ["saliency"])),
                Options = new() { ["mining"] = PomOptions.OwnMaps },
            },
            Segment("segment", "labels"),
        ]);

    /// <summary>NSROM's networks start from COCO's weights.</summary>
    private static PipelineStage Segment(string name, params IReadOnlyList<string> labels) => new(name, SegmentMethod.Descriptor.Name)
    {
        From = Takes((SegmentMethod.LabelsRole, labels)),
        Presets = new Dictionary<string, string> { ["paper"] = "coco" },
    };

    private static Dictionary<string, IReadOnlyList<string>> Takes(params IEnumerable<(string Role, IReadOnlyList<string> Stages)> roles) =>
        roles.ToDictionary(role => role.Role, role => role.Stages);
}
