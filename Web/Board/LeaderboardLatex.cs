using System.Globalization;
using System.Text;

namespace Dashboard.Web.Board;

/// <summary>
/// The leaderboard as LaTeX: a table (booktabs) for every protocol, percent with one digit, the best run in bold. Published numbers name their
/// source.
/// </summary>
public static class LeaderboardLatex
{
    public static string Of(IEnumerable<LeaderboardGroup> groups)
    {
        var text = new StringBuilder("% \\usepackage{booktabs}\n");
        foreach (var group in groups)
            Table(text, group);
        return text.ToString();
    }

    private static void Table(StringBuilder text, LeaderboardGroup group)
    {
        text.Append("\\begin{table}\n  \\centering\n");
        text.Append($"  \\caption{{mIoU in \\%. {Escape(group.Key)}.}}\n");
        text.Append("  \\begin{tabular}{llrr}\n    \\toprule\n    Name & Method & mIoU & 95\\,\\% interval \\\\\n    \\midrule\n");
        foreach (var row in group.Rows)
            Row(text, row);
        text.Append("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n");
    }

    private static void Row(StringBuilder text, LeaderboardRow row)
    {
        var miou = double.IsNaN(row.Miou) ? "--" : Percent(row.Miou);
        var method = row.Kind switch
        {
            RowKind.Run => row.Run?.Spec.Method ?? "",
            RowKind.Reference => "reference",
            _ => row.Published?.Source ?? "",
        };
        var interval = row.Evaluation?.Interval is { } bounds ? $"{Percent(bounds.Low)}--{Percent(bounds.High)}" : "--";
        text.Append($"    {Escape(row.Title)} & {Escape(method)} & {(row.Rank == 1 ? $"\\textbf{{{miou}}}" : miou)} & {interval} \\\\\n");
    }

    private static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>What LaTeX would take for a command; control characters would end the table.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in text)
            escaped.Append(letter switch
            {
                '\\' => "\\textbackslash{}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '·' => "$\\cdot$",
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{letter}",
                _ when char.IsControl(letter) => " ",
                _ => $"{letter}",
            });
        return escaped.ToString();
    }
}
