using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Refinement;

/// <summary>Options of pixel-adaptive mask refinement (Araslanov and Roth, CVPR 2020). The defaults are those of the authors' code.</summary>
public sealed record PamrOptions : SplitsOptions
{
    [Option("Refinement", "The score of the background beside the maps, which lie between 0 and 1.", Min = 0, Max = 1)]
    public double Background { get; init; } = 0.2;

    [Option("Refinement", "How often every pixel becomes the mean of its neighbours, weighted by how like their colours are.", Unit = "iterations",
        Min = 0, Max = 100)]
    public int Iterations { get; init; } = 10;

    [Option("Refinement", "Distances of the neighbours: eight at each.", Unit = "px", Min = 1, Max = 100)]
    public IReadOnlyList<int> Dilations { get; init; } = [1, 2, 4, 8, 12, 24];

    public override IEnumerable<Artifact> Produces() => Splits.Select(split => new Artifact(ArtifactKind.LabelMaps, split));

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (Dilations.Count == 0)
            yield return new("dilations", "dilations: name at least one distance.");
    }
}
