namespace Dashboard.Domain.Methods.Import;

/// <summary>The import of what something else has made, as the launch form knows it.</summary>
public static class ImportMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "import",
        "Results from elsewhere",
        "Pseudo labels, predictions, class activation maps or a network that other code has made, measured like everything else here, compared "
        + "with other runs, and a start for further ones. Nothing is trained.",
        typeof(ImportOptions),
        [
            new("pseudo-labels", "Pseudo labels", "Refined from seeds, of the training split, with the images' tags known.", new ImportOptions()),
            new("predictions", "Predictions of a segmentation network", "Of the validation split, without tags.",
                new ImportOptions { EvaluationSplit = "val", Stage = LabelMapStage.SegmentationNetwork, TagsGiven = false }),
            new("seeds", "Class activation maps", "IRN's, CLIMS's or PSA's dictionaries (.npy), of the training split.",
                new ImportOptions { What = ImportedThing.SoftMaps }),
            new("network", "Trained network", "res50_cam.pth, res50_clims.pth, res50_irn.pth, res38_aff.pth or a DeepLab checkpoint.",
                new ImportOptions { What = ImportedThing.Network }),
        ])
    {
        ShortTitle = "Import",
        Trains = false,
    };
}
