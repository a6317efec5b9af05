using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution;

/// <summary>The runs that a run starts from must have finished before it begins.</summary>
internal static class RunInputs
{
    /// <exception cref="InvalidRunException">One of them has not finished, or is gone: names it and the remedy.</exception>
    public static void Require(RunSpec spec, DataFolder data)
    {
        foreach (var (role, id) in spec.Inputs)
            if (EventLogReader.ReadLast(data.Run(id).Events) is not RunFinished)
                throw new InvalidRunException(role, Complaint(role, id, Directory.Exists(data.Run(id).Path) ? RunState.Interrupted : null));
    }

    /// <param name="state">Null: there is no such run.</param>
    public static string Complaint(string role, string id, RunState? state) => state switch
    {
        null => $"{role}: the run {id}, which this one starts from, is gone. Launch this run anew with another one.",
        RunState.Failed or RunState.Cancelled => $"{role}: the run {id}, which this one starts from, was {state.ToString()!.ToLowerInvariant()}. Resume that one, then this one.",
        _ => $"{role}: the run {id}, which this one starts from, has not finished. Resume that one, then this one.",
    };
}
