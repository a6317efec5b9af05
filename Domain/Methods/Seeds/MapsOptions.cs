using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods.Seeds;

/// <summary>
/// Options of the making of class activation maps. Network, normalisation, activation, scales and thresholds are those of the run whose network it
/// is.
/// </summary>
public sealed record MapsOptions : SplitsOptions
{
    public override IEnumerable<Artifact> Produces() => Splits.Select(split => new Artifact(ArtifactKind.SoftMaps, split));
}
