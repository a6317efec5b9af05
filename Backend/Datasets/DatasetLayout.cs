using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Datasets.Foreign;
using Dashboard.Backend.Datasets.Voc;

namespace Dashboard.Backend.Datasets;

/// <summary>A kind of folder that is read as a data set.</summary>
/// <param name="Kind">As shown: "VOC folder".</param>
/// <param name="Dataset">The class that reads it.</param>
/// <param name="Signs">What tells it, for the message about a folder that is not one: "images/ and tags.csv (image folder)".</param>
/// <param name="Recognises">True where a folder has the layout, whatever else is wrong with it.</param>
/// <param name="Open">Throws <see cref="DatasetException"/>.</param>
public sealed record DatasetLayout(string Kind, Type Dataset, string Signs, Func<string, bool> Recognises, Func<string, IImageDataset> Open)
{
    /// <summary>
    /// In the order in which a folder is tried; the first that recognises it reads it. Those with a list of their own making come before those that a
    /// labelling tool has exported: someone who has written splits and tags beside an export wants them used.
    /// </summary>
    public static IReadOnlyList<DatasetLayout> All { get; } =
    [
        new("VOC folder", typeof(VocFolder), "JPEGImages/ and ImageSets/Segmentation/ (VOC layout)", VocFolder.Recognises, VocFolder.Open),
        new("Image folder", typeof(ImageFolder), "images/ and tags.csv (image folder)", ImageFolder.Recognises, ImageFolder.Open),
        new("Masks with _classes.csv", typeof(RoboflowMasks),
            "_classes.csv and NAME_mask.png beside the images (Roboflow's semantic segmentation masks)", RoboflowMasks.Recognises,
            RoboflowMasks.Open),
        new("COCO annotations", typeof(CocoFolder), "annotations/instances_NAME.json, or another JSON file in COCO's format", CocoFolder.Recognises,
            CocoFolder.Open),
    ];

    /// <summary>Recognises a folder by its layout and opens it.</summary>
    /// <exception cref="DatasetException">
    /// The folder is missing, or has none of the layouts: says what was looked for, or what it is instead.
    /// </exception>
    public static IImageDataset OpenFolder(string path)
    {
        if (!Directory.Exists(path))
            throw new DatasetException($"The folder {path} does not exist. Correct the path, or unpack the data set there.");
        try
        {
            if (All.FirstOrDefault(layout => layout.Recognises(path)) is { } known)
                return known.Open(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Restore the folder, or its permissions.");
        }
        if (ForeignExport.Describe(path) is { } foreign)
            throw new DatasetException(foreign);
        var nested = ((string[])["VOC2012", "VOCdevkit/VOC2012"]).Select(folder => Path.Combine(path, folder)).FirstOrDefault(VocFolder.Recognises);
        throw new DatasetException(nested is not null
            ? $"{path} is not a data set itself, but {nested} is. Give that folder."
            : $"{path} is not a data set: looked for {string.Join("; for ", All.Select(layout => layout.Signs))}."
                + (Directory.Exists(Path.Combine(path, "JPEGImages"))
                    ? " It has JPEGImages/, but no lists: write the names of the images to ImageSets/Segmentation/train.txt and val.txt, one a line."
                        : ""));
    }

    /// <summary>As <see cref="Kind"/>.</summary>
    public static string KindOf(IImageDataset dataset) => All.FirstOrDefault(layout => layout.Dataset == dataset.GetType())?.Kind ?? "Folder";
}
