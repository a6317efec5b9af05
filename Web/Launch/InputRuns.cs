using Dashboard.Backend.Execution;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Launch;

/// <summary>Which runs a new run may start from.</summary>
public static class InputRuns
{
    /// <summary>A run of the right method on the same data set that is finished, or on its way.</summary>
    public static bool IsEligible(RunSummary run, MethodInput input, string dataset) =>
        run.Spec.Method == input.Method && run.Spec.Dataset == dataset.Trim() && run.State is (RunState.Finished or RunState.Running or RunState.Queued);

    /// <summary>What is wrong with the runs that the form names.</summary>
    public static IEnumerable<OptionFailure> Check(LaunchForm form, IRunStore store)
    {
        foreach (var input in form.Method.Inputs)
            if (form.Inputs.TryGetValue(input.Role, out var id) && Refuse(input, id, form.Dataset.Trim(), store.Find(id)) is { } reason)
                yield return new(input.Role, $"{input.Role}: {reason}");
    }

    private static string? Refuse(MethodInput input, string id, string dataset, RunSummary? run) => run switch
    {
        null => $"there is no run '{id}'; it may have been deleted. Choose another.",
        _ when run.Spec.Method != input.Method => $"{id} is a run of {run.Spec.Method}, not of {input.Method}.",
        _ when run.Spec.Dataset != dataset => $"{id} was trained on {run.Spec.Dataset}, not on {dataset}. Choose a run on the same data set.",
        _ when !IsEligible(run, input, dataset) => $"{id} is {run.State.ToString().ToLowerInvariant()}. Resume it, or choose another.",
        _ => null,
    };
}
