using Dashboard.Domain.Artifacts;

namespace Dashboard.Domain.Methods;

/// <summary>What label maps from elsewhere are.</summary>
public enum LabelMapStage
{
    PseudoLabel,
    SegmentationNetwork,
    ZeroShot,
}

/// <summary>Options of the import of label maps that something else has made: the authors' code, another laboratory, a labelling tool.</summary>
public sealed record ImportOptions : MethodOptions
{
    [Option("Label maps", "Folder of PNG files, one an image of the split and named as it. An index, or a level of gray, is a label: 0 the background, k the k-th class, 255 undecided.", IsPath = true)]
    public string Folder { get; init; } = "";

    [Option("Label maps", "Split of the data set that they belong to.")]
    public string EvaluationSplit { get; init; } = "train";

    [Option("Label maps", "What they are. The leaderboard ranks them among their like.")]
    public LabelMapStage Stage { get; init; } = LabelMapStage.PseudoLabel;

    [Option("Label maps", "The images' tags were known when they were made, as they are for pseudo labels.")]
    public bool TagsGiven { get; init; } = true;

    [Option("Label maps", "A CRF has sharpened them.")]
    public bool Crf { get; init; }

    [Option("Run", "Images whose label maps the run's page shows.", Unit = "images", Min = 0, Max = 64, Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    public override IEnumerable<Artifact> Produces() => [new(ArtifactKind.LabelMaps, EvaluationSplit)];

    public override IEnumerable<(string Option, string Split)> NamedSplits() => [("evaluationSplit", EvaluationSplit)];

    public override IEnumerable<OptionFailure> Validate()
    {
        if (Folder.Length == 0)
            yield return new("folder", "folder: give the folder that holds the label maps.");
    }
}
