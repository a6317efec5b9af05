using System.Text.Json.Nodes;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>
/// What has to run so that a request can be carried out. A method that starts from an earlier run gets the one that is named; else one with the same data set, preset and
/// seed, if there is one; else that one is made first.
/// </summary>
/// <param name="runs">All runs there are, newest first.</param>
/// <param name="waits">Whether a run that has not finished may be waited for.</param>
public sealed class RunPlan(RunInventory inventory, IReadOnlyList<RunSummary> runs, bool waits, TimeProvider time)
{
    /// <returns>In the order in which they must run; the last one is the one that was asked for.</returns>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public IReadOnlyList<RunSpec> Of(RunRequest request)
    {
        var spec = RunDraft.Complete(request, inventory, id => runs.FirstOrDefault(run => run.Spec.Id == id), time);
        var plan = new List<RunSpec>();
        foreach (var input in MethodCatalog.Get(spec.Method).Inputs.Where(input => IsMissing(input, spec)))
        {
            var needed = Needed(input, spec);
            if (Existing(needed) is { } found)
                needed = found;
            else
                plan.Add(needed);
            spec = spec with { Inputs = new Dictionary<string, string>(spec.Inputs) { [input.Role] = needed.Id } };
        }
        return [.. plan, spec];
    }

    private static bool IsMissing(MethodInput input, RunSpec spec) =>
        input.PresetOf is not null
        && !spec.Inputs.ContainsKey(input.Role)
        && (input.ReplacedBy is not { } option || spec.Options[option]?.GetValue<string>() is null or "");

    private RunSpec Needed(MethodInput input, RunSpec spec)
    {
        var shared = input.Shared.Select(name => KeyValuePair.Create(name, spec.Options[name]?.DeepClone()));
        var request = new RunRequest(input.Method, spec.Dataset, input.PresetOf!(spec.Preset), new JsonObject(shared), spec.Seed, spec.Device);
        return RunDraft.Complete(request, inventory, _ => null, time);
    }

    /// <summary>A finished run before one that is still to finish, the newest first.</summary>
    private RunSpec? Existing(RunSpec needed) => runs
        .Where(run => run.State == RunState.Finished || (waits && run.State is RunState.Running or RunState.Queued))
        .Where(run => run.Spec.Method == needed.Method && run.Spec.Seed == needed.Seed && JsonNode.DeepEquals(run.Spec.Options, needed.Options) && inventory.Datasets.AreSame(run.Spec.Dataset, needed.Dataset))
        .OrderBy(run => run.State == RunState.Finished ? 0 : 1)
        .FirstOrDefault()?.Spec;
}
