using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Options of Non-Salient Region Masking (gen_masked_label.py of the authors' code, whose values the defaults are).</summary>
public sealed record NsrmOptions : SplitsOptions
{
    /// <summary>The value of <see cref="Saliency"/> without saliency.</summary>
    public const string None = PomOptions.None;

    [Option("Masking", "Empty: the saliency of the input run belongs to the mask, as in the authors' code. none: objects alone, as published.")]
    public string Saliency { get; init; } = "";

    [Option("Masking", "Saliency from here on belongs to the mask: 1 in the authors' code, all that is not black.", Unit = "levels", Min = 1,
        Max = 255)]
    public int SalientFrom { get; init; } = 1;

    [Option("Masking", "Side of the square by which objects and salient regions grow. What lies beyond is left undecided.", Unit = "px", Min = 1,
        Max = 1000)]
    public int Side { get; init; } = 30;

    [Option("Masking", "An image with a smaller share of object pixels is left undecided as a whole.", Min = 0, Max = 1, Advanced = true)]
    public double LeastForeground { get; init; } = 0.01;

    public bool UsesSaliency => Saliency.Length == 0;

    public override IEnumerable<Artifact> Produces() => Splits.Select(split => new Artifact(ArtifactKind.LabelMaps, split));

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (Saliency is not ("" or None))
            yield return new("saliency", $"saliency: '{Saliency}' is neither empty, for that of the input run, nor {None}.");
    }
}
