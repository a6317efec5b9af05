using System.Collections.Concurrent;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>
/// A data set in the layout of PASCAL VOC: <c>JPEGImages</c>, <c>ImageSets/Segmentation/*.txt</c>, <c>SegmentationClass</c>, optionally
/// <c>SegmentationClassAug</c> for train_aug, and tags in <c>Annotations</c> or <c>cls_labels.npy</c>. The classes are those in <c>dataset.json</c>,
/// in the file of a labelling tool, or VOC's 20.
/// </summary>
public sealed class VocFolder : IDatasetReader
{
    public const string TrainAug = "train_aug";

    private const string Test = "test";
    private const string Lists = "ImageSets/Segmentation";

    /// <summary>VOC's folder of masks, and labelme's beside its arrays.</summary>
    private static readonly string[] MaskFolders = ["SegmentationClass", "SegmentationClassPNG"];
    private static readonly string[] SplitOrder = ["train", TrainAug, "val", "trainval", Test];

    private readonly ConcurrentDictionary<string, IReadOnlyList<Sample>> _samples = new();
    private readonly IReadOnlyDictionary<string, string> _lists;
    private readonly List<string> _notes = [];

    private readonly string _masks;

    /// <summary>Of a folder that holds PASCAL VOC.</summary>
    private readonly int? _year;

    private VocFolder(string root, DatasetManifest? manifest)
    {
        Root = root;
        var own = manifest?.Classes is { } names ? ClassNames.OfLabels(names, Path.Combine(root, DatasetManifest.FileName),
            _notes.Add) : VocClassFile.Read(root, _notes.Add);
        Classes = own ?? VocClasses.All;
        Variant = manifest?.Variant;
        _lists = FolderFiles.Of(Path.Combine(root, Lists), ".txt")
            .GroupBy(path => SplitName(Path.GetFileNameWithoutExtension(path)))
            .ToDictionary(files => files.Key, files => files.First());
        _year = own is null ? VocYear.Of(root, _lists) : null;
        Name = DatasetManifest.NameOf(manifest) ?? (_year is { } year ? $"VOC {year}" : Path.GetFileName(root));
        _masks = MaskFolders.FirstOrDefault(folder => FileIndex.OfMasks(Path.Combine(root, folder)).Count > 0) ?? MaskFolders[0];
        if (_masks != MaskFolders[0] && Directory.Exists(Path.Combine(root, MaskFolders[0])))
            _notes.Add($"The masks are those of {Path.Combine(root, _masks)}: {MaskFolders[0]} beside it holds none.");
        // The usual ones in their usual order, then the user's own by name.
        Splits = [.. SplitOrder.Where(_lists.ContainsKey), .. _lists.Keys.Except(SplitOrder).Order(StringComparer.Ordinal)];
    }

    public string Name { get; }
    public string? Variant { get; }
    public string Root { get; }
    public IReadOnlyList<string> Notes => _notes;
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
        var (images, masks) = (FileIndex.OfImages(Images), FileIndex.OfMasks(Path.Combine(Root, MaskFolder(split))));
        var entries = ReadList(split, images, report);
        var tags = VocTags.Find(Root, Classes.Names, _lists[split], entries);
        if (MaskNote(split) is { } note)
            report(DatasetProblem.Warning(Path.Combine(Root, "SegmentationClassAug"), "is missing", note));

        var coding = LabelColours.Read(Root, Classes);
        var samples = new List<Sample>(entries.Count);
        foreach (var entry in entries)
        {
            if (entry.Image is null && images.Find(entry.Id) is null && images.FindUnread(entry.Id) is { } unread)
            {
                report(MaskNames.Unread(ProblemSeverity.Error, unread, $"Convert it to PNG or JPEG, or take it off the list {_lists[split]}."));
                continue;
            }
            // The tags of the test images are not published: such images can be segmented, but neither trained on nor scored.
            if ((split == Test ? tags.Read(entry, _ => { }) ?? [] : tags.Read(entry, report)) is not { } present)
                continue;
            var image = entry.Image is { } path ? Inside(path) : images.Find(entry.Id) ?? Path.Combine(Images, entry.Id + ".jpg");
            samples.Add(new(entry.Id, image, Mask(entry, masks, report), present) { Coding = coding });
        }
        if (samples.Count > 0)
            MaskNames.ReportUnused(masks, samples.Count(sample => sample.MaskPath is not null), $"the split {split}", report);
        return samples;
    }

    /// <summary>Where the tags of a split come from.</summary>
    /// <exception cref="DatasetException">There are none.</exception>
    public TagSource TagsOf(string split)
    {
        this.RequireSplit(split);
        return VocTags.Find(Root, Classes.Names, _lists[split], ReadList(split, FileIndex.OfImages(Images), _ => { })).Source;
    }

    /// <summary>PASCAL VOC's splits, as long as published.</summary>
    public bool IsPublished(string split) => _year is { } year && VocYear.IsWhole(year, split, Samples(split).Count);

    /// <summary>The folder whose masks are the ground truth of a split: <c>SegmentationClassAug</c> for train_aug where there is one.</summary>
    public string MaskFolder(string split) =>
        split == TrainAug && Directory.Exists(Path.Combine(Root, "SegmentationClassAug")) ? "SegmentationClassAug" : _masks;

    /// <summary>Says what stands in for the masks that train_aug should have; null where nothing has to.</summary>
    public string? MaskNote(string split) => split == TrainAug && MaskFolder(split) == _masks
        ? $"Masks of train_aug come from {_masks}, which has those of train and val only; training on tags does not need the others."
        : null;

    private string Images => Path.Combine(Root, "JPEGImages");

    private static string SplitName(string list) => list is "trainaug" or "train_aug" ? TrainAug : list;

    /// <summary>A path from a list; lists are data and may not point out of the folder.</summary>
    private string Inside(string relative)
    {
        var path = Path.GetFullPath(Path.Combine(Root, relative.TrimStart('/')));
        return path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new DatasetException($"{relative} leads out of {Root}. Correct the list.");
    }

    private IReadOnlyList<VocListEntry> ReadList(string split, FileIndex images, Action<DatasetProblem> report) =>
        VocList.Read(_lists[split], Root, images, VocTags.AreInFiles(Root) ? 0 : Classes.Count, report);

    /// <summary>Where the list says, or the file of the image's name.</summary>
    private string? Mask(VocListEntry entry, FileIndex masks, Action<DatasetProblem> report) =>
        entry.Mask is not { } path ? MaskNames.Find(masks, entry.Id, report)
        : File.Exists(Path.Combine(Root, path.TrimStart('/'))) ? Inside(path)
        : masks.IdOf(path) is { } id ? masks.Find(id)
        : Inside(path);
}
