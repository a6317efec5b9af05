using System.Xml;
using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>Where image-level tags come from. Sources disagree on some images of VOC, so a data set uses one only, and says which.</summary>
public enum TagSource
{
    /// <summary><c>Annotations/ID.xml</c>, objects flagged difficult included.</summary>
    Annotations,

    /// <summary><c>cls_labels.npy</c>: the same content, in one file.</summary>
    ClassLabels,

    /// <summary>The class columns of the list itself.</summary>
    List,
}

/// <summary>The tags of a data set in VOC layout.</summary>
internal sealed class VocTags
{
    private readonly IReadOnlyList<string> _classes;
    private readonly IReadOnlyDictionary<string, int> _classNumbers;
    private readonly Func<VocListEntry, Action<DatasetProblem>, IReadOnlyList<int>?> _read;

    private VocTags(string root, IReadOnlyList<string> classes, string list, IReadOnlyList<VocListEntry> entries)
    {
        _classes = classes;
        _classNumbers = ClassNames.Numbers(classes);
        var annotations = FileIndex.Of(Annotations(root), ".xml");
        var labels = FindClassLabels(root);
        if (annotations.Count > 0 || (labels is null && Directory.Exists(annotations.Folder)))
            (Source, _read) = (TagSource.Annotations,
                (entry, report) => FromAnnotation(annotations.Find(entry.Id) ?? Path.Combine(annotations.Folder, entry.Id + ".xml"), report));
        else if (labels is not null)
            (Source, _read) = (TagSource.ClassLabels, FromClassLabels(labels));
        else if (entries.Any(entry => entry.Classes is not null))
            (Source, _read) = (TagSource.List, (entry, report) => FromList(list, entry, report));
        else
            throw new DatasetException(
                $"{root} has no image tags: neither Annotations/ nor {ClassLabelsFile.FileNames[0]}, and the list names no classes. "
                + "Put one of them there; tags are not guessed from masks.");
    }

    public TagSource Source { get; }

    /// <param name="list">The list that the entries come from.</param>
    /// <exception cref="DatasetException">There are no tags at all, or <c>cls_labels.npy</c> is damaged.</exception>
    public static VocTags Find(string root, IReadOnlyList<string> classes, string list, IReadOnlyList<VocListEntry> entries) =>
        new(root, classes, list, entries);

    /// <summary>Null where the tags cannot be read, which is reported.</summary>
    public IReadOnlyList<int>? Read(VocListEntry entry, Action<DatasetProblem> report) => _read(entry, report);

    /// <summary>Whether there are tags beside those that a list may have.</summary>
    public static bool AreInFiles(string root) => Directory.Exists(Annotations(root)) || FindClassLabels(root) is not null;

    private static string Annotations(string root) => Path.Combine(root, "Annotations");

    private static string? FindClassLabels(string root) =>
        ((string[])["", "ImageSets/Segmentation"])
            .SelectMany(folder => ClassLabelsFile.FileNames.Select(name => Path.Combine(root, folder, name)))
            .FirstOrDefault(File.Exists);

    private IReadOnlyList<int>? FromAnnotation(string path, Action<DatasetProblem> report)
    {
        IReadOnlyList<string> names;
        try
        {
            names = VocAnnotation.ReadObjects(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            report(DatasetProblem.Error(path, "is missing", "Restore it, or take the image off the list."));
            return null;
        }
        catch (UnreadableFileException error)
        {
            report(DatasetProblem.Error(path, "is not an annotation", error.Message));
            return null;
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            report(DatasetProblem.Error(path, $"cannot be read: {error.Message.TrimEnd('.')}", "Restore it from the original archive."));
            return null;
        }

        var tags = new SortedSet<int>();
        foreach (var name in names)
        {
            if (_classNumbers.TryGetValue(name, out var number))
                tags.Add(number);
            else if (!ClassName.IsBackground(name))
                report(DatasetProblem.Error(path, $"names the class '{NameList.Shorten(name)}', which the data set does not have",
                    $"Correct it, or list the classes in {DatasetManifest.FileName}."));
        }
        return [.. tags];
    }

    private Func<VocListEntry, Action<DatasetProblem>, IReadOnlyList<int>?> FromClassLabels(string path)
    {
        IReadOnlyDictionary<string, IReadOnlyList<int>> labels;
        try
        {
            labels = ClassLabelsFile.Read(path, _classes.Count);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                error is UnreadableFileException ? error.Message
                : $"{path} cannot be read: {error.Message}. Only label files like those of PSA, IRN and CLIMS are read, a dict from image to a 0 "
                    + "or 1 for every class; put VOC's Annotations/ there instead.",
                error);
        }
        return (entry, report) =>
        {
            if (labels.TryGetValue(entry.Id, out var tags))
                return tags;
            report(DatasetProblem.Error(path, $"has no tags for {entry.Id}", "Take the image off the list, or use VOC's Annotations/."));
            return null;
        };
    }

    private IReadOnlyList<int>? FromList(string list, VocListEntry entry, Action<DatasetProblem> report)
    {
        var classes = entry.Classes ?? [];
        foreach (var number in classes.Where(number => number >= _classes.Count))
            report(DatasetProblem.Error(list, $"gives {entry.Id} the class {number}, but classes go from 0 to {_classes.Count - 1}",
                "Correct the list."));
        return [.. classes.Where(number => number < _classes.Count).Distinct().Order()];
    }
}
