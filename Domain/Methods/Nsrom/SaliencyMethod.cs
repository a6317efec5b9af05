namespace Dashboard.Domain.Methods.Nsrom;

/// <summary>Saliency maps as the launch form knows them.</summary>
public static class SaliencyMethod
{
    public static MethodDescriptor Descriptor { get; } = new(
        "saliency",
        "Saliency",
        "Which pixels catch the eye, whatever their class: maps from a folder, checked, or computed from the images alone. Nothing is trained.",
        typeof(SaliencyOptions),
        [
            new("builtin", "Built-in (CPU, seconds)", "The training and the held-out images of the co-occurrence world.",
                new SaliencyOptions { Splits = ["train", "val"] }),
            new("animals", "A small folder of photographs (CPU, a minute)", "Its training images.",
                new SaliencyOptions { Splits = ["train"], SnapshotImages = 4 }),
            new("paper", "Paper (VOC 2012)", "All training images: give the folder of the maps that NSROM takes from outside.",
                new SaliencyOptions { Splits = ["train_aug"] }),
        ])
    {
        Trains = false,
    };
}
