using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>
/// What has to run so that a request can be carried out. A method that starts from an earlier run gets the one that is named; else one with the same data set, preset and
/// seed, if there is one; else that one is made first.
/// </summary>
/// <remarks>Made in two steps: files may lie on a disk that does not answer, and nobody else has to wait for it.</remarks>
public sealed class RunPlan
{
    private readonly RunSpec _spec;
    private readonly IReadOnlyList<(MethodInput Input, RunSpec Needed)> _needed;

    /// <summary>The one name of each data set that may be meant by several; looked up beforehand, for that reads links.</summary>
    private readonly Dictionary<string, string> _canonical = new(StringComparer.Ordinal);

    private RunPlan(RunSpec spec, IReadOnlyList<(MethodInput Input, RunSpec Needed)> needed) => (_spec, _needed) = (spec, needed);

    /// <summary>Looks at every file that the request names.</summary>
    /// <param name="runs">All runs there are.</param>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public static RunPlan Prepare(RunRequest request, RunInventory inventory, IReadOnlyList<RunSummary> runs, TimeProvider time)
    {
        var spec = RunDraft.Complete(request, inventory, id => runs.FirstOrDefault(run => run.Spec.Id == id), time);
        var needed = MethodCatalog.Get(spec.Method).Inputs.Where(input => IsMissing(input, spec)).Select(input => (input, Needed(input, spec, inventory, time))).ToList();
        var plan = new RunPlan(spec, needed);
        if (needed.Count > 0)
            foreach (var dataset in runs.Select(run => run.Spec.Dataset).Append(spec.Dataset).Distinct())
                plan._canonical[dataset] = inventory.Datasets.Canonical(dataset);
        return plan;
    }

    /// <summary>Reads nothing: what is to be started from, and what has to be made first.</summary>
    /// <param name="runs">All runs there are now, newest first.</param>
    /// <param name="waits">Whether a run that has not finished may be waited for.</param>
    /// <returns>In the order in which they must run; the last one is the one that was asked for.</returns>
    public IReadOnlyList<RunSpec> Settle(IReadOnlyList<RunSummary> runs, bool waits)
    {
        var (plan, spec) = (new List<RunSpec>(), _spec);
        foreach (var (input, wanted) in _needed)
        {
            var needed = Existing(wanted, runs, waits);
            if (needed is null)
                plan.Add(needed = wanted);
            spec = spec with { Inputs = new Dictionary<string, string>(spec.Inputs) { [input.Role] = needed.Id } };
        }
        return [.. plan, spec];
    }

    private static bool IsMissing(MethodInput input, RunSpec spec) =>
        input.MadeBy is not null
        && !spec.Inputs.ContainsKey(input.Role)
        && (input.ReplacedBy is not { } option || spec.Options[option]?.GetValue<string>() is null or "");

    private static RunSpec Needed(MethodInput input, RunSpec spec, RunInventory inventory, TimeProvider time)
    {
        var maker = input.MadeBy!;
        var shared = maker.Shared.Select(name => KeyValuePair.Create(name, spec.Options[name]?.DeepClone()));
        var request = new RunRequest(maker.Method, spec.Dataset, maker.PresetOf(spec.Preset), new JsonObject(shared), spec.Seed, spec.Device);
        return RunDraft.Complete(request, inventory, _ => null, time);
    }

    /// <summary>A finished run before one that is still to finish, the newest first.</summary>
    private RunSpec? Existing(RunSpec needed, IReadOnlyList<RunSummary> runs, bool waits) => runs
        .Where(run => run.State == RunState.Finished || (waits && run.State is RunState.Running or RunState.Queued))
        .Where(run => run.Spec.Method == needed.Method && run.Spec.Seed == needed.Seed && JsonNode.DeepEquals(run.Spec.Options, needed.Options) && Canonical(run.Spec.Dataset) == Canonical(needed.Dataset))
        .OrderBy(run => run.State == RunState.Finished ? 0 : 1)
        .FirstOrDefault()?.Spec;

    private string Canonical(string dataset) => _canonical.GetValueOrDefault(dataset, dataset);
}
