namespace Dashboard.Domain.Methods;

/// <summary>The import of label maps as the launch form knows it.</summary>
public static class ImportMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "import",
        "Label maps from elsewhere",
        "Pseudo labels or predictions that other code has made, measured like everything else here: on the leaderboard, and beside other runs on Compare. Nothing is trained.",
        typeof(ImportOptions),
        [
            new("pseudo-labels", "Pseudo labels", "Refined from seeds, of the training split, with the images' tags known.", new ImportOptions()),
            new("predictions", "Predictions of a segmentation network", "Of the validation split, without tags.", new ImportOptions { EvaluationSplit = "val", Stage = LabelMapStage.SegmentationNetwork, TagsGiven = false }),
        ])
    {
        Trains = false,
    };
}
