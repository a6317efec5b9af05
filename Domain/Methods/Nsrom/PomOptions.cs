using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Options of initial labels with Potential Object Mining (gen_label.py of the authors' code, whose values the defaults are).</summary>
public sealed record PomOptions : SplitsOptions
{
    /// <summary>The value of <see cref="Mining"/> with which nothing is mined, and of <see cref="Saliency"/> without saliency.</summary>
    public const string None = "none";

    /// <summary>The value of <see cref="Mining"/> with which the maps that make the labels are mined, too.</summary>
    public const string OwnMaps = "maps";

    [Option("Labels", "A class whose map is below this says nothing; nor does a background score below it.", Min = 0, Max = 1)]
    public double ForegroundThreshold { get; init; } = 0.3;

    [Option("Labels", "A pixel where two scores are above this is left undecided.", Min = 0, Max = 1, Advanced = true)]
    public double ConflictThreshold { get; init; } = 0.9;

    [Option("Labels", "Background is left undecided where the saliency reaches this.", Unit = "levels", Min = 1, Max = 255, Advanced = true)]
    public int SalientBackground { get; init; } = 32;

    [Option("Labels", "Background is left undecided where the map of a class is above this.", Min = 0, Max = 1, Advanced = true)]
    public double AttendedBackground { get; init; } = 0.8;

    [Option("Labels", "An image with a smaller share of object pixels is left undecided as a whole.", Min = 0, Max = 1, Advanced = true)]
    public double LeastForeground { get; init; } = 0.01;

    [Option("Labels", "Empty: the saliency of the input run. none: without saliency, every pixel has one background score.")]
    public string Saliency { get; init; } = "";

    [Option("Labels", "Without saliency: the score of the background beside the maps.", Min = 0, Max = 1)]
    public double Background { get; init; } = 0.5;

    [Option(
        "Potential Object Mining",
        "Empty: background is left undecided where the class activation maps of the input run cam are active. maps: where the maps that make the "
        + "labels are. none: nothing is mined.")]
    public string Mining { get; init; } = "";

    [Option("Potential Object Mining", "What is active where a class has no pixel yet: maps above this.", Min = 0, Max = 1, Advanced = true)]
    public double MiningThreshold { get; init; } = 0.3;

    public bool UsesSaliency => Saliency.Length == 0;

    public bool Mines => Mining != None;

    public bool MinesCam => Mining.Length == 0;

    public override IEnumerable<Artifact> Produces() => Splits.Select(split => new Artifact(ArtifactKind.LabelMaps, split));

    public override IEnumerable<OptionFailure> Validate()
    {
        foreach (var failure in base.Validate())
            yield return failure;
        if (Mining is not ("" or OwnMaps or None))
            yield return new("mining", $"mining: '{Mining}' is neither empty, for the maps of the run cam, nor {OwnMaps}, nor {None}.");
        if (Saliency is not ("" or None))
            yield return new("saliency", $"saliency: '{Saliency}' is neither empty, for that of the input run, nor {None}.");
    }
}
