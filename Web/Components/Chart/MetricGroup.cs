using System.Text.Json;
using System.Text.RegularExpressions;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Components.Chart;

/// <summary>
/// The metrics that share a chart: "loss", "epoch/loss" and "loss/background" stand together, because people compare them; so do "loss term/OTM" and
/// "loss term/BTM".
/// </summary>
public sealed partial record MetricGroup(string Name, IReadOnlyList<string> Metrics)
{
    private const string EpochPrefix = "epoch/";
    private static readonly string[] First = ["loss", "loss term", "loss share"];

    /// <summary>"learningRate" is shown as "Learning rate", "loss term/OTM" as "Loss term: OTM"; an abbreviation such as "mAP" stays.</summary>
    public string Title
    {
        get
        {
            if (RunSystem.IsOwn(Name))
                return char.ToUpperInvariant(Name[RunSystem.Prefix.Length]) + Name[(RunSystem.Prefix.Length + 1)..];
            var words = WordStart().Replace(Name.Replace('_', ' '), match => $" {char.ToLowerInvariant(match.ValueSpan[0])}").Replace("/", ": ");
            return words.Length < 2 || char.IsUpper(words[1]) ? words : char.ToUpperInvariant(words[0]) + words[1..];
        }
    }

    /// <summary>Without what is told once an epoch, where there is more.</summary>
    public MetricGroup ByStep =>
        Metrics.Any(metric => !IsPerEpoch(metric)) ? this with { Metrics = [.. Metrics.Where(metric => !IsPerEpoch(metric))] } : this;

    /// <summary>Parts of a whole: the chart's y axis goes from 0 to 1.</summary>
    public bool IsShare => Kind(Name).EndsWith("share", StringComparison.Ordinal);

    /// <summary>For the chart's module: an attribute that holds the names.</summary>
    public string MetricsJson => JsonSerializer.Serialize(Metrics);

    /// <summary>Groups in the order of importance: the loss, its terms, their shares, then the rest by name.</summary>
    /// <param name="apart">
    /// Every metric gets a chart of its own, and values by epoch are left out where there are those by step: for several runs, whose curves would
    /// otherwise be too many.
    /// </param>
    public static IReadOnlyList<MetricGroup> Of(IEnumerable<string> metrics, bool apart = false) =>
        Of([.. metrics.Where(metric => !RunSystem.IsOwn(metric))], apart);

    /// <summary>What the worker uses of its machine: a chart each.</summary>
    public static IReadOnlyList<MetricGroup> OfSystem(IEnumerable<string> metrics) => Of([.. metrics.Where(RunSystem.IsOwn)], apart: true);

    private static IReadOnlyList<MetricGroup> Of(IReadOnlyList<string> metrics, bool apart) =>
        [.. (apart ? metrics.Distinct().GroupBy(WithoutEpoch).Select(same => same.OrderBy(IsPerEpoch).First()) : metrics.Distinct())
            .GroupBy(metric => apart ? WithoutEpoch(metric) : Kind(WithoutEpoch(metric)))
            .OrderBy(group => Array.IndexOf(First, Kind(group.Key)) is var place and >= 0 ? place : First.Length)
            .ThenBy(group => group.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => new MetricGroup(group.Key, [.. group.OrderBy(IsPerEpoch).ThenBy(name => name, StringComparer.Ordinal)]))];

    [GeneratedRegex("(?<=[a-z])[A-Z](?=[a-z])")]
    private static partial Regex WordStart();

    private static bool IsPerEpoch(string metric) => metric.StartsWith(EpochPrefix, StringComparison.Ordinal);

    private static string WithoutEpoch(string metric) => IsPerEpoch(metric) ? metric[EpochPrefix.Length..] : metric;

    private static string Kind(string metric) => metric.Split('/')[0];
}
