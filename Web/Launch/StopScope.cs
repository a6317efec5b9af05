using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Launch;

/// <summary>Which runs of a launch may be stopped with it.</summary>
internal static class StopScope
{
    /// <summary>Those that nothing outside the launch waits for, be it by way of others of its runs.</summary>
    /// <param name="own">A run stands behind those that it starts from.</param>
    /// <param name="which">Of them.</param>
    public static IReadOnlyList<string> Of(IRunStore store, IReadOnlyCollection<string> own, Func<RunSummary?, bool> which)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in own.Reverse())
            if (store.StartingFrom(id).Any(other => IsLive(other) && (!own.Contains(other.Spec.Id) || kept.Contains(other.Spec.Id))))
                kept.Add(id);
        return [.. own.Where(id => which(store.Find(id)) && !kept.Contains(id))];
    }

    public static bool IsLive(RunSummary? run) => run?.State is RunState.Queued or RunState.Running;
}
