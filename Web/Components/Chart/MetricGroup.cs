using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dashboard.Web.Components.Chart;

/// <summary>The metrics that share a chart: "loss", "epoch/loss" and "loss/background" stand together, because people compare them.</summary>
public sealed partial record MetricGroup(string Name, IReadOnlyList<string> Metrics)
{
    private const string EpochPrefix = "epoch/";

    /// <summary>"learningRate" is shown as "Learning rate"; an abbreviation such as "mAP" stays.</summary>
    public string Title
    {
        get
        {
            var words = WordStart().Replace(Name.Replace('_', ' '), match => $" {char.ToLowerInvariant(match.ValueSpan[0])}");
            return words.Length < 2 || char.IsUpper(words[1]) ? words : char.ToUpperInvariant(words[0]) + words[1..];
        }
    }

    /// <summary>For the chart's module: an attribute that holds the names.</summary>
    public string MetricsJson => JsonSerializer.Serialize(Metrics);

    /// <summary>Groups in the order of importance: losses first, then by name.</summary>
    public static IReadOnlyList<MetricGroup> Of(IEnumerable<string> metrics) =>
        [.. metrics
            .Distinct()
            .GroupBy(GroupOf)
            .OrderBy(group => group.Key == "loss" ? 0 : 1)
            .ThenBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => new MetricGroup(group.Key, [.. group.OrderBy(IsPerEpoch).ThenBy(name => name, StringComparer.Ordinal)]))];

    [GeneratedRegex("(?<=[a-z])[A-Z](?=[a-z])")]
    private static partial Regex WordStart();

    private static bool IsPerEpoch(string metric) => metric.StartsWith(EpochPrefix, StringComparison.Ordinal);

    private static string GroupOf(string metric)
    {
        var name = IsPerEpoch(metric) ? metric[EpochPrefix.Length..] : metric;
        return name.Split('/')[0];
    }
}
