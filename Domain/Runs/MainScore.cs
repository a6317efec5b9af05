using System.Text.Json.Nodes;

namespace Dashboard.Domain.Runs;

/// <summary>The one number of a run: the first that is no reference, of the last of the splits that its options list.</summary>
public static class MainScore
{
    /// <param name="evaluations">In the order in which they were made.</param>
    /// <returns>Null where nothing was measured.</returns>
    public static RunEvaluated? Of(RunSpec spec, IEnumerable<RunEvaluated> evaluations)
    {
        var measured = evaluations.Where(evaluated => !evaluated.Reference && evaluated.IsMeasured).ToList();
        var split = spec.Options["splits"] is JsonArray { Count: > 0 } splits ? splits[^1]?.ToString() : null;
        return measured.FirstOrDefault(evaluated => evaluated.Protocol.Split == split) ?? measured.FirstOrDefault();
    }
}
