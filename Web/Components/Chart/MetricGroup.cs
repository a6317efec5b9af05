using System.Text.Json;

namespace Dashboard.Web.Components.Chart;

/// <summary>The metrics that share a chart: "loss", "epoch/loss" and "loss/background" stand together, because people compare them.</summary>
public sealed record MetricGroup(string Name, IReadOnlyList<string> Metrics)
{
    private const string EpochPrefix = "epoch/";

    /// <summary>"learningRate" is shown as "Learning rate".</summary>
    public string Title
    {
        get
        {
            var words = string.Concat(Name.Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}")).Replace('_', ' ').Trim();
            return words.Length == 0 ? Name : char.ToUpperInvariant(words[0]) + words[1..];
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
            .Select(group => new MetricGroup(group.Key, [.. group.OrderBy(name => name, StringComparer.Ordinal)]))];

    private static string GroupOf(string metric)
    {
        var name = metric.StartsWith(EpochPrefix, StringComparison.Ordinal) ? metric[EpochPrefix.Length..] : metric;
        return name.Split('/')[0];
    }
}
