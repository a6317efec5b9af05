using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Web.Components.Shared;

/// <summary>Numbers as people read them on the pages; exports never use these.</summary>
public static class Format
{
    public const string Missing = "–";

    /// <summary>An mIoU or IoU of 0..1 in per cent, as the field's tables have it: "48.11".</summary>
    public static string Percent(double? value) => value is { } known and not double.NaN ? (100 * known).ToString("0.00") : Missing;

    /// <summary>"8 s", "2 min 05 s", "3 h 20 min", "2 d 4 h".</summary>
    public static string Duration(TimeSpan? span) => span switch
    {
        null => Missing,
        { TotalSeconds: < 0 } => "0 s",
        { TotalMinutes: < 1 } short_ => $"{short_.Seconds} s",
        { TotalHours: < 1 } minutes => $"{minutes.Minutes} min {minutes.Seconds:00} s",
        { TotalDays: < 1 } hours => $"{hours.Hours} h {hours.Minutes:00} min",
        { } days => $"{days.Days} d {days.Hours} h",
    };

    public static string Seconds(double? seconds) =>
        seconds is { } known && double.IsFinite(known) && known < TimeSpan.MaxValue.TotalSeconds / 2
            ? Duration(TimeSpan.FromSeconds(known))
            : Missing;

    /// <summary>"5 min ago", "3 h ago", "2 d ago".</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalHours: < 1 } => $"{age.Minutes} min ago",
        { TotalDays: < 1 } => $"{age.Hours} h ago",
        _ => $"{age.Days} d ago",
    };

    /// <summary>"just now", "5 min", "3 h", "2 d": for a column that is headed Age.</summary>
    public static string ShortAge(TimeSpan age) => Age(age).Replace(" ago", "", StringComparison.Ordinal);

    /// <summary>In the machine's time zone: the dashboard and its users share one.</summary>
    public static string Time(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm") ?? Missing;

    /// <summary>"812 MB": powers of ten, as disks and torch's own messages have it.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => $"{bytes / 1e9:0.0} GB",
        >= 1_000_000 => $"{bytes / 1e6:0} MB",
        _ => $"{bytes / 1e3:0} kB",
    };

    /// <summary>The value of an option.</summary>
    public static string Option(JsonNode? value) => value switch
    {
        null => "none",
        JsonValue text when text.ToString() == "" => "none",
        JsonArray { Count: 0 } or JsonObject { Count: 0 } => "none",
        JsonArray list => string.Join(", ", list.Select(Option)),
        JsonObject table => OptionField.Format(table),
        _ => value.ToString(),
    };

    public static string ShortHash(string hash) => hash[..Math.Min(8, hash.Length)];
}
