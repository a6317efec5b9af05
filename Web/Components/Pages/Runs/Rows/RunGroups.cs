using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Components.Pages.Runs.Rows;

/// <summary>The runs of a page of the list under the heads of their groups.</summary>
public static class RunGroups
{
    /// <param name="runs">Sorted by group; of a folded one, the run that stands for all of it.</param>
    /// <param name="totals">What each group is in all.</param>
    /// <param name="folded">Keys of groups.</param>
    public static IEnumerable<ListRow> Of(IReadOnlyList<RunSummary> runs, RunGrouping grouping, IReadOnlyDictionary<string, GroupTotals> totals,
        IReadOnlyCollection<string> folded)
    {
        string? last = null;
        foreach (var run in runs)
        {
            var key = run.GroupKey(grouping);
            var total = key is null ? null : totals.GetValueOrDefault(key);
            // A recipe that was followed once is no group.
            var isGroup = total is not null && (grouping != RunGrouping.Seeds || total.Runs > 1);
            var head = isGroup && key != last
                ? Head(grouping, key!, [.. runs.Where(other => other.GroupKey(grouping) == key)], total!, folded.Contains(key!))
                : null;
            last = key;
            yield return new ListRow(run, isGroup, head);
        }
    }

    private static GroupHead Head(RunGrouping grouping, string key, IReadOnlyList<RunSummary> here, GroupTotals total, bool isFolded)
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
        var isPart = !isFolded && total.Runs > here.Count;
        var count = isPart ? $"{here.Count} of {total.Runs} runs here" : $"{total.Runs} {(total.Runs == 1 ? "run" : "runs")}";
        var states = string.Join(", ", total.States.OrderBy(state => state.Key).Select(state => $"{state.Value} {state.Key.ToString().ToLowerInvariant()}"));
        return new GroupHead(key, kind, name, count, states, Format.Percent(total.Scores?.Mean), Spread(total.Scores), isFolded, grouping switch
        {
            RunGrouping.Launch =>
                (LaunchName.AddressOf(key), LaunchName.PipelineOf(key) is not null || LaunchName.IsSweep(key) ? "Open" : "Compare"),
            RunGrouping.Seeds when here.Count > 1 =>
                ("compare/runs?" + string.Join('&', here.Take(8).Select(run => $"run={run.Spec.Id}")), "Compare"),
            _ => null,
        });
    }

    private static string? Spread(GroupScores? scores) =>
        scores is { Runs: > 1 } ? $"mean, {Format.Percent(scores.Least)} to {Format.Percent(scores.Most)}" : null;
}

/// <summary>A run of the list.</summary>
/// <param name="InGroup">A head that names its group stands above it.</param>
/// <param name="Head">With the first run of a group; where it is folded, instead of it.</param>
public sealed record ListRow(RunSummary Run, bool InGroup, GroupHead? Head)
{
    public bool IsFolded => Head is { IsFolded: true };
}

/// <param name="Kind">What makes it a group: "Pipeline".</param>
/// <param name="Count">In words.</param>
/// <param name="States">"10 finished, 2 failed".</param>
/// <param name="Mean">mIoU of its runs in per cent; a dash where there is none, or where their numbers are of several protocols.</param>
/// <param name="Spread">What the mean is of: null for a single number.</param>
public sealed record GroupHead(string Key, string Kind, string Name, string Count, string States, string Mean, string? Spread, bool IsFolded,
    (string Address, string Text)? Link);
