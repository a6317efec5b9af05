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
    public static OptionFailure? Fault(MethodInput input, string id, string dataset, RunSummary? run, IDatasetSource datasets) =>
        Fault(input, id, dataset, run, name => datasets.AreSame(name, dataset));

    /// <summary>The runs that a new run can start from.</summary>
    /// <param name="dataset">The new run's.</param>
    public static IReadOnlyList<RunSummary> Eligible(MethodInput input, string dataset, IEnumerable<RunSummary> runs, IDatasetSource datasets)
    {
        // Many runs are on few data sets: each is looked up once.
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        return [.. runs.Where(run => Fault(input, run.Spec.Id, dataset, run, IsSame) is null)];

        bool IsSame(string name) => name == dataset || Canonical(name) == Canonical(dataset);

        string Canonical(string name) => known.TryGetValue(name, out var canonical) ? canonical : known[name] = datasets.Canonical(name);
    }

    private static OptionFailure? Fault(MethodInput input, string id, string dataset, RunSummary? run, Func<string, bool> isSame)
    {
        var reason = run switch
        {
            null => $"there is no run '{id}'; it may have been deleted. Choose another.",
            _ when input.Methods.Count > 0 && !input.Methods.Contains(run.Spec.Method) => $"{id} is a run of {run.Spec.Method}, not of {string.Join(" or ", input.Methods)}.",
            _ when !Artifact.Of(run.Spec).Any(artifact => artifact.Kind == input.Kind) => $"{id} is a run of {run.Spec.Method}, which leaves no {Artifact.NameOf(input.Kind)}. Choose another.",
            _ when !isSame(run.Spec.Dataset) => $"{id} was trained on {run.Spec.Dataset}, not on {dataset}. Choose a run on the same data set.",
            { State: not (RunState.Finished or RunState.Running or RunState.Queued) } => $"{id} is {run.State.ToString().ToLowerInvariant()}. Resume it, or choose another.",
            _ => null,
        };
        return reason is null ? null : new(input.Role, $"{input.Role}: {reason}");
    }

    /// <exception cref="InvalidRunException">One of them has not finished, or is gone: names it and says what to do.</exception>
    internal static void Require(RunSpec spec, DataFolder data)
    {
        foreach (var (role, id) in spec.Inputs)
            if (EventLogReader.ReadLast(data.Run(id).Events) is not RunFinished)
                throw new InvalidRunException(role, Complaint(role, id, Directory.Exists(data.Run(id).Path) ? RunState.Interrupted : null));
    }

    /// <param name="state">Null: there is no such run.</param>
    internal static string Complaint(string role, string id, RunState? state) => state switch
    {
        null => $"{role}: the run {id}, which this one starts from, is gone. Launch this run again with another one.",
        RunState.Failed or RunState.Cancelled => $"{role}: the run {id}, which this one starts from, {(state is RunState.Failed ? "has failed" : "was cancelled")}. Resume that one, then this one.",
        _ => $"{role}: the run {id}, which this one starts from, has not finished. Resume that one, then this one.",
    };
}
