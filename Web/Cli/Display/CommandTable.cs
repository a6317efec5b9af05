using Spectre.Console;

namespace Dashboard.Web.Cli.Display;

/// <summary>A table on standard output: with rules and colours on a terminal, in columns of plain text elsewhere, one row a line.</summary>
internal sealed class CommandTable(params CommandTable.Column[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Takes as many cells as there are columns.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        if (Terminal.Output is { } terminal)
            terminal.Write(Drawn());
        else
            foreach (var line in Lines())
                Console.WriteLine(line);
    }

    /// <summary>The table as plain text.</summary>
    public IEnumerable<string> Lines()
    {
        var widths = columns.Select((column, i) => _rows.Select(row => row[i].Length).Append(column.Title.Length).Max()).ToList();
        foreach (var row in _rows.Prepend([.. columns.Select(column => column.Title)]))
            yield return string.Join("  ", columns.Select((column, i) => Padded(row[i], widths[i], column.IsNumber))).TrimEnd();
    }

    private static string Padded(string cell, int width, bool isNumber) => isNumber ? cell.PadLeft(width) : cell.PadRight(width);

    private Table Drawn()
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold)))
            {
                Alignment = column.IsNumber ? Justify.Right : Justify.Left,
                NoWrap = column.IsWhole,
            });
        foreach (var row in _rows)
            table.AddRow(columns.Select((column, i) => new Text(row[i], column.Colour?.Invoke(row[i]))));
        return table;
    }

    /// <param name="IsNumber">Stands at the right.</param>
    /// <param name="IsWhole">Never broken over lines: what people copy.</param>
    /// <param name="Colour">Of a cell, on a terminal.</param>
    internal sealed record Column(string Title, bool IsNumber = false, bool IsWhole = false, Func<string, Color?>? Colour = null);
}
