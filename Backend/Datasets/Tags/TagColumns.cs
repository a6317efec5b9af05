using System.Globalization;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs.Database;

namespace Dashboard.Backend.Datasets.Tags;

/// <summary>Which column of a table of tags holds what.</summary>
/// <param name="HasHeader">The first line names the columns.</param>
/// <param name="Image">0-based.</param>
/// <param name="Classes">
/// Of a table with a column of 0 and 1 for every class: its column and name. Null where cells hold the tags themselves: all behind the image.
/// </param>
internal sealed record TagColumns(bool HasHeader, int Image, IReadOnlyList<(int Column, string Name)>? Classes)
{
    private static readonly string[] ImageNames =
    [
        "image", "images", "imageid", "imageids", "imagename", "imagenames", "imagefile", "imagefilename", "imagepath", "img", "imgid", "imgname",
        "imgpath", "id", "ids", "file", "files",
        "filename", "filenames", "filepath", "fname", "name", "path", "photo", "picture",
    ];

    private static readonly string[] TagNames =
        ["tag", "tags", "label", "labels", "class", "classes", "classname", "classnames", "category", "categories", "object", "objects", "keywords"];

    /// <param name="lines">At least one.</param>
    /// <exception cref="DatasetException">A header names a column that holds neither images nor tags.</exception>
    public static TagColumns Of(IReadOnlyList<TagLine> lines, FileIndex images, string path)
    {
        var image = ImageColumn(lines, images);
        if (!IsHeader(lines, image, images))
            return new(false, image, null);
        var (header, rows) = (lines[0], lines.Skip(1).ToList());
        int[] others = [.. Enumerable.Range(image + 1, Math.Max(0, header.Cells.Count - image - 1))];
        var flags = rows.SelectMany(row => row.Cells.Skip(image + 1));
        if (others.Length > 0 && !(others.Length == 1 && IsTagName(header.Cells[others[0]])) && flags.All(cell => Flag(cell) is not null)
            && flags.Any(cell => cell.Length > 0))
            return new(true, image, [.. others.Select(column => (column, ClassNames.Tidy(header.Cells[column])))]);
        RequireTags(header, rows, others, path);
        return new(true, image, null);
    }

    /// <summary>The cell of a table with a column for every class: 1 present, 0 and nothing absent. Null where it is something else.</summary>
    public static bool? Flag(string cell) => cell.ToLowerInvariant() switch
    {
        "1" or "1.0" or "true" => true,
        "0" or "0.0" or "false" or "" => false,
        _ => null,
    };

    /// <summary>The first one, unless its cells are not images and another's are: tables begin with a number of the row, too.</summary>
    private static int ImageColumn(IReadOnlyList<TagLine> lines, FileIndex images)
    {
        const int looked = 8;
        var found = Enumerable.Range(0, Math.Min(looked, lines.Max(line => line.Cells.Count))).Select(column =>
            lines.Count(line => images.IdOf(line.Cell(column)) is not null)).ToArray();
        return found[0] > 0 ? 0 : Array.IndexOf(found, found.Max());
    }

    /// <summary>By its name; or because it is not an image, other lines are, and no other line has its cells.</summary>
    private static bool IsHeader(IReadOnlyList<TagLine> lines, int image, FileIndex images)
    {
        var first = lines[0];
        var name = first.Cell(image);
        if (images.IdOf(name) is not null || ImageExtensions.IsImage(name))
            return false;
        if (ImageNames.Contains(Letters(name)))
            return true;
        var rows = lines.Skip(1).Where(line => images.IdOf(line.Cell(image)) is not null).ToList();
        var cells = first.Cells.Skip(image + 1).Where(cell => cell.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return rows.Count > 0 && cells.Count > 0 && !rows.Any(row => row.Cells.Skip(image + 1).Any(cells.Contains));
    }

    private static void RequireTags(TagLine header, IReadOnlyList<TagLine> rows, int[] columns, string path)
    {
        var strange = columns.Where(column =>
            header.Cells[column].Length > 0 && !IsTagName(header.Cells[column])).Select(column => header.Cells[column]).ToList();
        if (strange.Count > 0 && columns.Length > 1)
            throw new DatasetException(
                $"{path}: the columns {NameList.Of(strange)} are neither the image nor its tags. Keep the image and its tags (columns called tags, "
                + "or tag 1, tag 2, ...), or a column of 0 and 1 for every class.");
        if (strange is [var only] && rows.Any(row => row.Cell(columns[0]).Length > 0)
            && rows.All(row =>
            row.Cell(columns[0]) is "" || double.TryParse(row.Cell(columns[0]), NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            throw new DatasetException($"{path}: the column {only} holds numbers. Give the tags by name.");
    }

    private static bool IsTagName(string name) =>
        Letters(name) is var letters && TagNames.Any(known => letters.EndsWith(known, StringComparison.Ordinal));

    private static string Letters(string name) => string.Concat(name.Where(char.IsLetter)).ToLowerInvariant();
}
