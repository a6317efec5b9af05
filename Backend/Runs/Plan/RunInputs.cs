using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Runs.Plan;

/// <summary>The runs that a run starts from: of the right method, on the same data set, and finished before it begins.</summary>
public static class RunInputs
{
    /// <summary>Why a new run cannot start from this one; null where it can, or will when it has finished.</summary>
    /// <param name="dataset">The new run's.</param>
    /// <param name="run">Null: there is none of this identifier.</param>
    /// <param name="split">As <see cref="SplitOf(MethodInput, RunSpec)"/>.</param>
    public static OptionFailure? Fault(MethodInput input, string id, string dataset, RunSummary? run, IDatasetSource datasets, string? split) =>
        Fault(input, id, dataset, run, name => datasets.AreSame(name, dataset), split);

    /// <summary>The split that an artifact must cover; null where any will do.</summary>
    public static string? SplitOf(MethodInput input, RunSpec spec) => SplitOf(input, spec.Options);

    /// <inheritdoc cref="SplitOf(MethodInput, RunSpec)"/>
    public static string? SplitOf(MethodInput input, JsonObject options) =>
        input.SplitOption is { } option && options[option] is JsonValue value && value.TryGetValue<string>(out var split) ? split : null;

    /// <summary>Why a run of this spec leaves nothing that another can start from; null where it does.</summary>
    /// <param name="name">Of the run, as messages call it.</param>
    /// <param name="split">As <see cref="SplitOf(MethodInput, RunSpec)"/>.</param>
    internal static OptionFailure? Mismatch(MethodInput input, string name, RunSpec spec, string? split) =>
        Unfitting(input, name, spec, split) is { } reason ? new(input.Role, $"{input.Role}: {reason}") : null;

    /// <summary>The runs that a new run can start from.</summary>
    /// <param name="dataset">The new run's.</param>
    /// <param name="split">As <see cref="SplitOf(MethodInput, RunSpec)"/>.</param>
    public static IReadOnlyList<RunSummary> Eligible(MethodInput input, string dataset, IEnumerable<RunSummary> runs, IDatasetSource datasets,
        string? split = null)
    {
        // Many runs are on few data sets: each is looked up once.
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        return [.. runs.Where(run => Fault(input, run.Spec.Id, dataset, run, IsSame, split) is null)];

        bool IsSame(string name) => name == dataset || Canonical(name) == Canonical(dataset);

        string Canonical(string name) => known.TryGetValue(name, out var canonical) ? canonical : known[name] = datasets.Canonical(name);
    }

    private static OptionFailure? Fault(MethodInput input, string id, string dataset, RunSummary? run, Func<string, bool> isSame, string? split)
    {
        var reason = run switch
        {
            null => $"there is no run '{id}'; it may have been deleted. Choose another.",
            _ when Unfitting(input, id, run.Spec, split) is { } unfitting => unfitting,
            _ when !isSame(run.Spec.Dataset) => $"{id} was trained on {run.Spec.Dataset}, not on {dataset}. Choose a run on the same data set.",
            { State: not (RunState.Finished or RunState.Running or RunState.Queued) } =>
                $"{id} {run.State.AsVerb()}. Resume it, or choose another.",
            _ => null,
        };
        return reason is null ? null : new(input.Role, $"{input.Role}: {reason}");
    }

    private static string? Unfitting(MethodInput input, string name, RunSpec spec, string? split)
    {
        if (input.Methods.Count > 0 && !input.Methods.Contains(spec.Method))
            return $"{name} is a run of {spec.Method}, not of {string.Join(" or ", input.Methods)}.";
        var left = Artifact.Of(spec).Where(artifact => artifact.Kind == input.Kind).ToList();
        if (left.Count == 0)
            return $"{name} is a run of {spec.Method}, which leaves no {Artifact.NameOf(input.Kind)}. Choose another.";
        if (split is null || left.Any(artifact => artifact.Split is null || artifact.Split == split))
            return null;
        return $"{name} leaves {string.Join(" and ", left)}, not of the split '{split}'. Choose another, or another {input.SplitOption}.";
    }

    /// <exception cref="InvalidRunException">One of them has not finished, or is gone: names it and says what to do.</exception>
    internal static void Require(RunSpec spec, DataFolder data)
    {
        foreach (var (role, id) in spec.Inputs)
            if (EventLogReader.ReadLast(data.Run(id).Events) is not RunFinished)
                throw new InvalidRunException(role, Complaint(role, id, Directory.Exists(data.Run(id).Path) ? RunState.Interrupted : null));
    }

    /// <summary>Whether a run has ended before it began, because another one did not finish.</summary>
    internal static bool HasWaitedFor(RunSummary run, string id) =>
        run is { Started: null, State: RunState.Failed or RunState.Cancelled or RunState.Interrupted, Message: { } message }
        && run.Spec.Inputs.Any(input => input.Value == id && message.StartsWith(Beginning(input.Key, id), StringComparison.Ordinal));

    private static string Beginning(string role, string id) => $"{role}: the run {id}, which this one starts from,";

    /// <param name="state">Null: there is no such run.</param>
    public static string Complaint(string role, string id, RunState? state) => state switch
    {
        null => $"{Beginning(role, id)} is gone. Launch this run again with another one.",
        RunState.Failed => $"{Beginning(role, id)} has failed. Resume that one: this one follows it.",
        RunState.Cancelled => $"{Beginning(role, id)} was cancelled. Resume that one: this one follows it.",
        _ => $"{Beginning(role, id)} has not finished. Resume that one: this one follows it.",
    };
}
