using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Components.Pages.Runs;

/// <summary>The runs of a page of the list under the heads of their groups.</summary>
public static class RunGroups
{
    /// <param name="runs">Sorted by group.</param>
    /// <param name="sizes">How many runs each group has in all.</param>
    /// <returns>Each run with its group; the head with the first of each.</returns>
    public static IEnumerable<(RunSummary Run, bool InGroup, GroupHead? Head)> Of(IReadOnlyList<RunSummary> runs, RunGrouping grouping,
        IReadOnlyDictionary<string, int> sizes)
    {
        string? last = null;
        foreach (var run in runs)
        {
            var key = run.GroupKey(grouping);
            // A recipe that was followed once is no group.
            var isGroup = key is not null && (grouping != RunGrouping.Seeds || sizes.GetValueOrDefault(key) > 1);
            var head = isGroup && key != last
                ? Head(grouping, key!, [.. runs.Where(other => other.GroupKey(grouping) == key)], sizes.GetValueOrDefault(key!))
                : null;
            last = key;
            yield return (run, isGroup, head);
        }
    }

    private static GroupHead Head(RunGrouping grouping, string key, IReadOnlyList<RunSummary> here, int all)
    {
        var first = here[0].Spec;
        var setting = $"{first.MethodTitle} · {Path.GetFileName(first.Dataset.TrimEnd('/'))}";
        var (kind, name) = grouping switch
        {
            RunGrouping.Method => ("Method", first.MethodTitle),
            RunGrouping.Seeds => ("Seeds", first.Preset is { } preset ? $"{setting} · {preset}" : setting),
            _ when LaunchName.PipelineOf(key) is { } pipeline => ("Pipeline", pipeline.Title),
            _ when LaunchName.IsAblation(key) => ("Ablation", setting),
            _ when LaunchName.IsSweep(key) => ("Sweep", setting),
            _ => ("Group", key),
        };
        var count = all > here.Count ? $"{here.Count} of {all} runs here" : $"{all} {(all == 1 ? "run" : "runs")}";
        return new GroupHead(kind, name, count, Result(here), grouping switch
        {
            RunGrouping.Launch => (LaunchName.AddressOf(key), LaunchName.PipelineOf(key) is not null || LaunchName.IsSweep(key) ? "Open" : "Compare"),
            RunGrouping.Seeds => ("compare/runs?" + string.Join('&', here.Take(8).Select(run => $"run={run.Spec.Id}")), "Compare"),
            _ => null,
        });
    }

    /// <summary>Numbers of several protocols have no best and no mean.</summary>
    private static string? Result(IReadOnlyList<RunSummary> runs)
    {
        var scores = runs.Select(run => run.Miou).OfType<double>().ToList();
        if (scores.Count == 0 || runs.Select(run => run.Glance.Stage).OfType<string>().Distinct().Count() != 1)
            return null;
        return runs.Select(run => run.Recipe).Distinct().Count() == 1 && scores.Count > 1
            ? $"{Format.Percent(scores.Average())} mean, {Format.Percent(scores.Min())} to {Format.Percent(scores.Max())}"
            : $"{Format.Percent(scores.Max())} best";
    }
}

/// <param name="Kind">What makes it a group: "Pipeline".</param>
/// <param name="Count">In words.</param>
/// <param name="Result">Of its runs on this page; null where there is none that can be compared.</param>
public sealed record GroupHead(string Kind, string Name, string Count, string? Result, (string Address, string Text)? Link);
