namespace Dashboard.Web.Board;

/// <summary>A text as a cell of CSV (RFC 4180).</summary>
public static class CsvCell
{
    /// <summary>What begins like a formula is one to a spreadsheet, and may run programs: an apostrophe in front makes it a text.</summary>
    public static string OfText(string text)
    {
        if (text.Length > 0 && "=+-@\t\r\n".Contains(text[0]))
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
