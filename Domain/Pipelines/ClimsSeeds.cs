using Dashboard.Domain.Methods.Seeds;


namespace Dashboard.Domain.Pipelines;

/// <summary>The seeds of CLIMS, with the baseline that they start from.</summary>
public static class ClimsSeeds
{
    public static Pipeline Pipeline { get; } = new(
        "clims-seeds",
        "Seeds of CLIMS",
        "From tags to seeds: a CAM baseline, and CLIMS from it.",
        [
            new("builtin", "Built-in (CPU, minutes)", "The co-occurrence world, with the CLIP that ships with the project."),
            new("paper", "Paper (VOC 2012)", "IRN's CAM and the authors' later code of CLIMS; needs ImageNet weights and a CLIP."),
        ],
        [
            new("cam", "cam"),
            new("clims", "clims")
            {
                From = new Dictionary<string, IReadOnlyList<string>> { [ClimsMethod.Baseline] = ["cam"] },
                Presets = new Dictionary<string, string> { ["paper"] = "improved" },
            },
        ]);
}
