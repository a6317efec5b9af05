using System.Text;

namespace Dashboard.Backend.Datasets.Tags;

/// <summary>A line of a table of tags that has something on it.</summary>
/// <param name="Number">1-based.</param>
/// <param name="Cells">Without the space around them.</param>
internal sealed record TagLine(int Number, IReadOnlyList<string> Cells)
{
    private const char Quote = '"';
    private static readonly char[] Separators = [',', ';', '\t'];

    public string Cell(int column) => column < Cells.Count ? Cells[column] : "";

    /// <summary>
    /// Comma, semicolon or tab: what stands first on every line. A quote opens a cell at its beginning only: 24" tv is not a quoted cell. A quoted
    /// cell ends on its line; a quote in it is doubled.
    /// </summary>
    /// <exception cref="DatasetException">Lines are separated differently, or a quoted cell is not closed: names the line.</exception>
    public static IReadOnlyList<TagLine> Split(IEnumerable<string> lines, string path)
    {
        (int Number, string Text)[] filled =
            [.. lines.Select((text, index) => (index + 1, text)).Where(line => !string.IsNullOrWhiteSpace(line.text))];
        var separator = SeparatorOf(filled, path);
        return [.. filled.Select(line => new TagLine(line.Number, CellsOf(line.Text, separator, $"{path}: line {line.Number}")))
            .Where(line => line.Cells.Any(cell => cell.Length > 0))];
    }

    private static char SeparatorOf((int Number, string Text)[] lines, string path)
    {
        (int Number, char Separator)? first = null;
        foreach (var (number, text) in lines)
        {
            var start = text.TrimStart(' ');
            var afterQuoted = start.StartsWith(Quote) ? Math.Max(start.IndexOf(Quote, 1), 0) : 0;
            if (start.IndexOfAny(Separators, afterQuoted) is var at && at < 0)
                continue;
            first ??= (number, start[at]);
            if (first.Value.Separator != start[at])
                throw new DatasetException(
                    $"{path}: line {first.Value.Number} is separated by {Name(first.Value.Separator)}, line {number} by {Name(start[at])}. Write "
                    + "the same on all lines.");
        }
        return first?.Separator ?? ',';
    }

    private static List<string> CellsOf(string line, char separator, string place)
    {
        var cells = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            while (at < line.Length && line[at] == ' ')
                at++;
            if (at < line.Length && line[at] == Quote)
            {
                cells.Add(Quoted(line, ref at, place));
                while (at < line.Length && line[at] == ' ')
                    at++;
                if (at < line.Length && line[at] != separator)
                    throw new DatasetException(
                        $"{place} has text after the closing quote of a cell. Close the quote at the end of the cell, and double the quotes in it.");
            }
            else
            {
                var end = line.IndexOf(separator, at) is var found and >= 0 ? found : line.Length;
                cells.Add(line[at..end].Trim());
                at = end;
            }
        }
        return cells;
    }

    /// <summary>Leaves <paramref name="at"/> after the closing quote.</summary>
    private static string Quoted(string line, ref int at, string place)
    {
        var cell = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] != Quote)
                cell.Append(line[at]);
            else if (at + 1 < line.Length && line[at + 1] == Quote)
                cell.Append(line[++at]);
            else
            {
                at++;
                return cell.ToString().Trim();
            }
        }
        throw new DatasetException(
            $"{place} opens a quote and does not close it. Close it on the same line, or double it if it belongs to the name.");
    }

    private static string Name(char separator) => separator switch
    {
        ',' => "commas",
        ';' => "semicolons",
        _ => "tabs",
    };
}
