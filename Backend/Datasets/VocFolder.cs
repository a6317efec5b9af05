using System.Collections.Concurrent;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Backend.Images;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets;

/// <summary>
/// A data set in the layout of PASCAL VOC: <c>JPEGImages</c>, <c>ImageSets/Segmentation/*.txt</c>, <c>SegmentationClass</c>, optionally
/// <c>SegmentationClassAug</c> for train_aug, and tags in <c>Annotations</c> or <c>cls_labels.npy</c>. The classes are VOC's 20, or those in
/// <c>dataset.json</c>.
/// </summary>
public sealed class VocFolder : IDatasetReader
{
    public const string TrainAug = "train_aug";

    private const string Test = "test";
    private const string Lists = "ImageSets/Segmentation";
    private static readonly string[] SplitOrder = ["train", TrainAug, "val", "trainval", Test];

    private readonly ConcurrentDictionary<string, IReadOnlyList<Sample>> _samples = new();
    private readonly IReadOnlyDictionary<string, string> _lists;

    private VocFolder(string root, DatasetManifest? manifest)
    {
        Root = root;
        Classes = manifest?.Classes is { } names ? ClassNames.Require(names, Path.Combine(root, DatasetManifest.FileName)) : VocClasses.All;
        Variant = manifest?.Variant;
        Name = manifest?.Name ?? (manifest?.Classes is null ? VocClasses.DatasetName : Path.GetFileName(root));
        _lists = Directory.EnumerateFiles(Path.Combine(root, Lists), "*.txt")
            .GroupBy(path => SplitName(Path.GetFileNameWithoutExtension(path)))
            .ToDictionary(files => files.Key, files => files.Order(StringComparer.Ordinal).First());
        // The usual ones in their usual order, then the user's own by name.
        Splits = [.. SplitOrder.Where(_lists.ContainsKey), .. _lists.Keys.Except(SplitOrder).Order(StringComparer.Ordinal)];
    }

    public string Name { get; }
    public string? Variant { get; }
    public string Root { get; }
    public ClassSet Classes { get; }
    public IReadOnlyList<string> Splits { get; }

    /// <summary>True where the folder has the layout, whatever else is wrong with it.</summary>
    public static bool Recognises(string root) => Directory.Exists(Path.Combine(root, "JPEGImages")) && Directory.Exists(Path.Combine(root, Lists));

    /// <exception cref="DatasetException">The layout is another, there are no lists, or <c>dataset.json</c> is damaged.</exception>
    public static VocFolder Open(string root)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        foreach (var folder in (string[])["JPEGImages", Lists])
        {
            if (!Directory.Exists(Path.Combine(root, folder)))
                throw new DatasetException(
                    $"{Path.Combine(root, folder)} is missing. "
                    + $"A VOC folder has JPEGImages/, {Lists}/, SegmentationClass/ and Annotations/.");
        }
        var dataset = new VocFolder(root, DatasetManifest.Read(root));
        return dataset.Splits.Count > 0
            ? dataset
            : throw new DatasetException($"{Path.Combine(root, Lists)} has no lists. Put train.txt and val.txt there, one image identifier a line.");
    }

    public IReadOnlyList<Sample> Samples(string split) => _samples.GetOrAdd(split, name => this.ReadOrThrow(name));

    IReadOnlyList<Sample> IDatasetReader.Read(string split, Action<DatasetProblem> report)
    {
        var images = FilesByStem("JPEGImages");
        var entries = VocList.Read(_lists[split], images.ContainsKey, report);
        var masks = FilesByStem(MaskFolder(split));
        var tags = VocTags.Find(Root, Classes.Names, _lists[split], entries);
        var coding = LabelColours.Read(Root, Classes);
        if (MaskNote(split) is { } note)
            report(DatasetProblem.Warning(Path.Combine(Root, "SegmentationClassAug"), "is missing", note));

        var samples = new List<Sample>(entries.Count);
        foreach (var entry in entries)
        {
            // The tags of the test images are not published: such images can be segmented, but neither trained on nor scored.
            if ((split == Test ? tags.Read(entry, _ => { }) ?? [] : tags.Read(entry, report)) is not { } present)
                continue;
            var image = entry.Image is { } path ? Inside(path) : images.GetValueOrDefault(entry.Id) ?? Path.Combine(Root, "JPEGImages", entry.Id + ".jpg");
            var mask = entry.Mask is { } maskPath ? Inside(maskPath) : masks.GetValueOrDefault(entry.Id);
            samples.Add(new(entry.Id, image, mask, present) { Coding = coding });
        }
        return samples;
    }

    /// <summary>Where the tags of a split come from.</summary>
    /// <exception cref="DatasetException">There are none.</exception>
    public TagSource TagsOf(string split)
    {
        this.RequireSplit(split);
        var images = FilesByStem("JPEGImages");
        return VocTags.Find(Root, Classes.Names, _lists[split], VocList.Read(_lists[split], images.ContainsKey, _ => { })).Source;
    }

    /// <summary>The folder whose masks are the ground truth of a split: <c>SegmentationClassAug</c> for train_aug where there is one.</summary>
    public string MaskFolder(string split) =>
        split == TrainAug && Directory.Exists(Path.Combine(Root, "SegmentationClassAug")) ? "SegmentationClassAug" : "SegmentationClass";

    /// <summary>Says what stands in for the masks that train_aug should have; null where nothing has to.</summary>
    public string? MaskNote(string split) => split == TrainAug && MaskFolder(split) == "SegmentationClass"
        ? "Masks of train_aug come from SegmentationClass, which has those of train and val only; training on tags does not need the others."
        : null;

    private static string SplitName(string list) => list is "trainaug" or "train_aug" ? TrainAug : list;

    /// <summary>A path from a list; lists are data and may not point out of the folder.</summary>
    private string Inside(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, relative));
        return path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new DatasetException($"{relative} leads out of {Root}. Correct the list.");
    }

    private Dictionary<string, string> FilesByStem(string folder)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var path = Path.Combine(Root, folder);
        if (!Directory.Exists(path))
            return files;
        // Of two files of one name the PNG is taken: a mask, not its picture.
        foreach (var file in Directory.EnumerateFiles(path).OrderBy(file => Path.GetExtension(file).ToLowerInvariant()))
        {
            if (ImageFile.HasImageExtension(file))
                files[Path.GetFileNameWithoutExtension(file)] = file;
        }
        return files;
    }
}
