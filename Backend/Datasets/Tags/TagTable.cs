using System.Globalization;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Datasets.Tags;

/// <summary>The content of <c>tags.csv</c>; see <see cref="ImageFolder"/> for the format.</summary>
/// <param name="Names">All tags: of a header, or in order of first appearance.</param>
/// <param name="Rows">Tags by image identifier.</param>
/// <param name="Strays">Rows that are of no image, as they stand in the file.</param>
/// <param name="Notes">How the table was read, where that is not obvious.</param>
internal sealed record TagTable(
    IReadOnlyList<string> Names, IReadOnlyDictionary<string, IReadOnlyList<string>> Rows, IReadOnlyList<string> Strays, IReadOnlyList<string> Notes)
{
    private const long MostBytes = 64L << 20;

    /// <param name="classes">Of classes.txt; null where there is none.</param>
    /// <exception cref="DatasetException">The file is missing, cannot be read, or may mean several things: names the line.</exception>
    public static TagTable Read(string path, FileIndex images, IReadOnlyList<string>? classes)
    {
        try
        {
            var lines = TagLine.Split(BoundedText.Lines(path, "a table of tags", MostBytes), path);
            return lines.Count == 0
                ? new([], new Dictionary<string, IReadOnlyList<string>>(), [], [])
                : new TagReader(path, images, classes).Read(lines);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Write one line an image: image,tag,tag.");
        }
    }
}

/// <summary>Reads one table.</summary>
internal sealed class TagReader(string path, FileIndex images, IReadOnlyList<string>? classes)
{
    /// <summary>Of tags in one cell.</summary>
    private static readonly char[] Separators = [';', '|'];

    private readonly HashSet<string> _classes = new(classes ?? [], ClassName.Comparer);
    private readonly Dictionary<string, List<string>> _rows = new(StringComparer.Ordinal);

    /// <summary>Images with a row of several tags.</summary>
    private readonly HashSet<string> _wide = new(StringComparer.Ordinal);
    private readonly List<string> _strays = [];
    private readonly List<string> _notes = [];

    public TagTable Read(IReadOnlyList<TagLine> lines)
    {
        var columns = TagColumns.Of(lines, images, path);
        if (columns.HasHeader)
            _notes.Add($"{path}: line {lines[0].Number} is a header{(columns.Classes is null ? "" : ", with a column for every class")}.");
        if (columns.Image > 0)
            _notes.Add($"{path}: the images stand in column {columns.Image + 1}; what stands before it is not read.");
        var repeated = 0;
        foreach (var line in lines.Skip(columns.HasHeader ? 1 : 0))
            repeated += Add(line, columns) ? 1 : 0;
        if (repeated > 0)
            _notes.Add($"{path}: {repeated:N0} rows give a further tag to an image that has one; an image has all of them.");
        var names = columns.Classes is { } flagged
            ? flagged.Select(column => column.Name).Where(name => !ClassName.IsBackground(name)).ToList()
            : _rows.Values.SelectMany(tags => tags).Distinct(StringComparer.Ordinal).ToList();
        if (classes is null)
            RequireNames(names);
        return new(names, _rows.ToDictionary(row => row.Key, row => (IReadOnlyList<string>)row.Value), _strays, _notes);
    }

    /// <returns>True where the row is not the first one of its image.</returns>
    private bool Add(TagLine line, TagColumns columns)
    {
        var image = line.Cell(columns.Image);
        if (image.Length == 0)
            throw new DatasetException($"{path}: line {line.Number} names no image. Write image,tag,tag.");
        var known = images.IdOf(image);
        var id = known ?? ImageExtensions.Stem(image);
        var tags = columns.Classes is { } flagged
            ? flagged.Where(column => TagColumns.Flag(line.Cell(column.Column)) == true)
                .Select(column => column.Name)
                .Where(name => !ClassName.IsBackground(name))
                .ToList()
            : line.Cells.Skip(columns.Image + 1).SelectMany(cell => TagsOf(cell, line.Number)).ToList();
        if (tags.Count > 1 || columns.Classes is not null)
            _wide.Add(id);
        if (_rows.TryGetValue(id, out var before))
        {
            // A table with a row for every tag has one tag a row.
            if (_wide.Contains(id))
                throw new DatasetException(
                    $"{path}: line {line.Number} gives '{NameList.Shorten(image)}' a second time. Write all tags of an image on one line, or every "
                    + "tag on a line of its own.");
            before.AddRange(tags);
            return true;
        }
        _rows[id] = tags;
        if (known is null)
            _strays.Add(image);
        return false;
    }

    private IEnumerable<string> TagsOf(string cell, int number)
    {
        var whole = ClassNames.Tidy(cell);
        if (whole.Length == 0)
            yield break;
        foreach (var tag in _classes.Contains(whole) ? [whole] : whole.Split(Separators).Select(ClassNames.Tidy))
        {
            if (tag.Length == 0 || ClassName.IsBackground(tag))
                continue;
            if (!_classes.Contains(tag) && (tag.Contains(',') || (tag.StartsWith('[') && tag.EndsWith(']'))))
                throw new DatasetException(
                    $"{path}: line {number} has the tag '{NameList.Shorten(tag)}'. Put every tag into a cell of its own, or separate tags by "
                    + "semicolons; a class with a comma in its name belongs in classes.txt.");
            yield return tag;
        }
    }

    /// <summary>Classes that follow from the tags are what the masks are read by: nothing is guessed.</summary>
    private void RequireNames(IReadOnlyList<string> names)
    {
        if (names.Count > 0 && names.All(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            throw new DatasetException(
                $"{path}: the tags are numbers ({NameList.Of([.. names])}). Name the classes in classes.txt, one a line in label order, and give "
                + "the tags by name.");
        var known = names.ToHashSet(ClassName.Comparer);
        if (names.FirstOrDefault(name => name.Split(' ') is { Length: > 1 } words && words.All(known.Contains)) is { } several)
            throw new DatasetException(
                $"{path}: the tag '{NameList.Shorten(several)}' is made of other tags. Separate tags by semicolons; if it is one class, list the "
                + "classes in classes.txt.");
    }
}
