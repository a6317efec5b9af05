using System.Text;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets;

/// <summary>The content of <c>tags.csv</c>; see <see cref="ImageFolder"/> for the format.</summary>
/// <param name="Names">All tags in order of first appearance.</param>
/// <param name="Rows">Tags by image identifier.</param>
internal sealed record TagTable(IReadOnlyList<string> Names, IReadOnlyDictionary<string, IReadOnlyList<string>> Rows)
{
    /// <exception cref="DatasetException">The file is missing, unreadable, or gives an image twice.</exception>
    public static TagTable Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message} Write one line an image: image,tag,tag.", error);
        }

        var names = new List<string>();
        var rows = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (var number = 1; number <= lines.Length; number++)
        {
            var cells = Cells(lines[number - 1]);
            if (cells.All(cell => cell.Length == 0) || (number == 1 && cells[0].Equals("image", StringComparison.OrdinalIgnoreCase)))
                continue;
            if (cells[0].Length == 0)
                throw new DatasetException($"{path}: line {number} names no image. Write image,tag,tag.");
            string[] tags = [.. cells.Skip(1).SelectMany(cell => cell.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
            if (!rows.TryAdd(Id(cells[0]), tags))
                throw new DatasetException($"{path}: line {number} gives '{cells[0]}' a second time. Write all tags of an image on one line.");
            names.AddRange(tags.Distinct().Except(names));
        }
        return new(names, rows);
    }

    /// <summary>An image's identifier: its file name without folder and image extension.</summary>
    public static string Id(string image)
    {
        var name = Path.GetFileName(image);
        return ImageFile.HasImageExtension(name) ? Path.GetFileNameWithoutExtension(name) : name;
    }

    /// <summary>Comma-separated cells; a cell in double quotes may hold commas, and quotes doubled.</summary>
    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                cell.Append(line[++i]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
                cell.Append(line[i]);
        }
        cells.Add(cell.ToString().Trim());
        return cells;
    }
}
