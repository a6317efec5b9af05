using Dashboard.Backend.Files;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets.Voc;

/// <summary>
/// The files in which labelling tools write the classes of a folder in VOC layout: labelme's <c>class_names.txt</c>, CVAT's <c>labelmap.txt</c>.
/// </summary>
internal static class VocClassFile
{
    private const string LabelMap = "labelmap.txt";
    private static readonly string[] Names = ["class_names.txt", "classes.txt", "labels.txt"];

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="DatasetException">Its names cannot be classes.</exception>
    public static ClassSet? Read(string root, Action<string> note)
    {
        var file = Names.Prepend(LabelMap).Select(name => Path.Combine(root, name)).FirstOrDefault(File.Exists);
        if (file is null)
            return null;
        note($"The classes are those of {file}.");
        return Path.GetFileName(file) == LabelMap ? ClassNames.OfLabels(OfLabelMap(file), file, note) : ClassNames.Read(file, note);
    }

    /// <summary>Lines "label:color_rgb:parts:actions", comments with #.</summary>
    private static IReadOnlyList<string> OfLabelMap(string path)
    {
        try
        {
            return [.. BoundedText.Lines(path, "a list of classes", most: 1 << 20)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line => line.Split(':')[0])];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Write label:color_rgb:parts:actions on every line.");
        }
    }
}
