namespace Dashboard.Web.Launch;

/// <summary>
/// A <see cref="Domain.Methods.Schema.OptionKind.TextTable"/> as it is being typed, row by row: "train=railway, track; boat=sea". What a person
/// has typed into a row comes back as it was, half a word and all.
/// </summary>
public sealed class TypedTable
{
    private readonly List<(string Name, string Words)> _rows;

    private TypedTable(List<(string, string)> rows) => _rows = rows;

    public static TypedTable Parse(string text) => new(
        [.. text.Split(';')
            .Where(row => !string.IsNullOrWhiteSpace(row))
            .Select(row => row.Split('=', 2) is [var name, var words] ? (name.Trim(), words) : (row.Trim(), ""))]);

    public IEnumerable<string> Names => _rows.Select(row => row.Name);

    /// <summary>The rows that have words.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Rows =>
        Names.Distinct().Select(name => KeyValuePair.Create(name, Words(name))).Where(row => row.Value.Count > 0).ToDictionary();

    /// <summary>The words of a row as typed; empty where there is no such row.</summary>
    public string this[string name] => _rows.FirstOrDefault(row => row.Name == name).Words ?? "";

    /// <summary>The words of a row, one by one.</summary>
    public IReadOnlyList<string> Words(string name) => this[name].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The table with other words in a row; without the row where there are none.</summary>
    public TypedTable With(string name, string words)
    {
        // A semicolon would end the row.
        words = words.Replace(';', ',');
        var rows = _rows.ToList();
        var at = rows.FindIndex(row => row.Name == name);
        if (words == "")
            rows.RemoveAll(row => row.Name == name);
        else if (at < 0)
            rows.Add((name, words));
        else
            rows[at] = (name, words);
        return new(rows);
    }

    /// <summary>As the option's text.</summary>
    public override string ToString() => string.Join("; ", _rows.Select(row => $"{row.Name}={row.Words}"));
}
