using Dashboard.Domain.Methods.Seeds;


namespace Dashboard.Domain.Pipelines;

/// <summary>The whole chain of weakly supervised segmentation: seeds, refined pseudo labels, and a segmentation network that needs no tags.</summary>
public static class TagsToMasks
{
    private static readonly PipelineChoice Refinement = new(
        "refine", "What makes pseudo labels of the seeds: a CRF, IRN's or PSA's random walk, or a CRF behind a random walk.",
        ["crf", "irn+crf", "irn", "psa+crf", "psa"]);

    private static readonly PipelinePreset BuiltIn =
        new("builtin", "Built-in (CPU, minutes)", "Small networks from scratch on the co-occurrence world.");
    private static readonly PipelinePreset Animals =
        new("animals", "A small folder of photographs (CPU)",
            "From the ImageNet weights of a small ResNet such as ResNet-18: give them as checkpoints.");
    private static readonly PipelinePreset Paper =
        new("paper", "Paper (VOC 2012)", "The published options; needs ImageNet weights and, for CLIMS, a CLIP.");

    public static Pipeline WithClims { get; } = new(
        "wsss",
        "Tags to masks",
        "From image tags to a segmentation network: CAM, CLIMS, maps of whole splits, refinement, pseudo labels, network.",
        [BuiltIn, Paper],
        [
            new("cam", "cam"),
            new("clims", "clims") { From = Takes((ClimsMethod.Baseline, ["cam"])),
                Presets = new Dictionary<string, string> { ["paper"] = "improved" } },
            .. FromSeeds("clims"),
        ])
    {
        Choice = Refinement,
    };

    public static Pipeline WithCam { get; } = new(
        "cam-wsss",
        "Tags to masks, without text",
        "The same chain from the seeds of the CAM baseline.",
        [BuiltIn, Animals, Paper],
        [
            new("cam", "cam"),
            .. FromSeeds("cam"),
        ])
    {
        Choice = Refinement,
    };

    /// <summary>What follows the network that makes the seeds.</summary>
    private static IEnumerable<PipelineStage> FromSeeds(string network) =>
    [
        new("maps", "maps") { From = Takes(("network", [network])) },
        new("irn", "irn") { From = Takes(("maps", ["maps"])), OnlyWith = ["irn+crf", "irn"] },
        new("psa", "psa") { From = Takes(("maps", ["maps"])), OnlyWith = ["psa+crf", "psa"] },
        new("crf", "crf") { From = Takes(("maps", ["irn", "maps"])), OnlyWith = ["irn+crf", "crf"] },
        // PSA's maps are shares of a pixel: half of it is where the background ends.
        new("psa-crf", "crf") { From = Takes(("maps", ["psa"])), OnlyWith = ["psa+crf"], Options = new() { ["background"] = 0.5 } },
        new("segment", "segment") { From = Takes(("labels", ["crf", "psa-crf", "irn", "psa"])) },
    ];

    private static Dictionary<string, IReadOnlyList<string>> Takes(params IEnumerable<(string Role, IReadOnlyList<string> Stages)> roles) =>
        roles.ToDictionary(role => role.Role, role => role.Stages);
}
