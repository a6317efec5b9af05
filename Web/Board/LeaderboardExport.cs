using System.Globalization;
using System.Text;

namespace Dashboard.Web.Board;

/// <summary>The leaderboard as CSV (RFC 4180) and as records for JSON, with all digits.</summary>
public static class LeaderboardExport
{
    /// <summary>One row with everything that is needed to compare it.</summary>
    public sealed record Entry(
        int? Rank, RowKind Kind, string Row, string? Run, string? Name, string? Method, double Miou, double? IntervalLow, double? IntervalHigh,
        double? IntervalLevel, bool SeparableFromRowAbove,
        string Protocol, string Stage, string Dataset, string Split, double? Threshold, string ThresholdSource, bool Crf,
        IReadOnlyList<double> Scales, bool Flip, string Tags, int Images,
        long? Seed, string? SpecHash, string? CodeVersion, DateTimeOffset? Created, string? Source, IReadOnlyDictionary<string, double?> PerClass);

    public static IEnumerable<Entry> Entries(IEnumerable<LeaderboardGroup> groups) =>
        groups.SelectMany(group => group.Rows.Select(row => Describe(group, row)));

    public static string Csv(IEnumerable<LeaderboardGroup> groups)
    {
        var entries = Entries(groups).ToList();
        var classes = entries.SelectMany(entry => entry.PerClass.Keys).Distinct().ToList();
        var csv = new StringBuilder();
        Line(csv, [
            "rank", "kind", "row", "run", "name", "method", "miou", "interval_low", "interval_high", "interval_level", "separable_from_row_above",
            "protocol", "stage", "dataset", "split",
            "threshold", "threshold_source", "crf", "scales", "flip", "tags", "images", "seed", "spec_hash", "code_version", "created", "source",
            .. classes.Select(name => "iou " + name)]);
        foreach (var entry in entries)
            Line(csv, [
                entry.Rank, entry.Kind.ToString().ToLowerInvariant(), entry.Row, entry.Run, entry.Name, entry.Method, entry.Miou, entry.IntervalLow,
                entry.IntervalHigh, entry.IntervalLevel, entry.SeparableFromRowAbove,
                entry.Protocol, entry.Stage, entry.Dataset, entry.Split, entry.Threshold, entry.ThresholdSource, entry.Crf,
                string.Join(' ', entry.Scales.Select(Text)), entry.Flip, entry.Tags, entry.Images,
                entry.Seed, entry.SpecHash, entry.CodeVersion, entry.Created, entry.Source,
                .. classes.Select(name => (object?)entry.PerClass.GetValueOrDefault(name))]);
        return csv.ToString();
    }

    private static Entry Describe(LeaderboardGroup group, LeaderboardRow row)
    {
        var (protocol, evaluation, spec) = (row.Protocol, row.Evaluation, row.Kind == RowKind.Run ? row.Run?.Spec : null);
        var perClass = evaluation?.IouByName() ?? new Dictionary<string, double?>();
        return new(
            row.Rank, row.Kind, evaluation?.Row ?? row.Title, spec?.Id, spec?.Name, spec?.Method ?? row.Published?.Method,
            row.Miou, evaluation?.Interval?.Low, evaluation?.Interval?.High, evaluation?.Interval?.Level, row.IsSeparable,
            group.Key, protocol.Stage, protocol.DatasetTitle, protocol.Split, protocol.Threshold, protocol.ThresholdSource, protocol.Crf,
            protocol.Scales, protocol.Flip, protocol.Tags, protocol.Images,
            spec?.Seed, spec?.Hash, spec?.CodeVersion, spec?.Created, row.Published?.Source, perClass);
    }

    private static void Line(StringBuilder csv, IEnumerable<object?> values) => csv.AppendJoin(',', values.Select(Cell)).Append("\r\n");

    /// <summary>The minus before a number stays: no spreadsheet takes that for a formula.</summary>
    private static string Cell(object? value) => value is string text ? CsvCell.OfText(text) : Text(value);

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Text(double number) => Text((object)number);
}
