namespace Dashboard.Domain.Runs;

/// <summary>The one number of a run: the first that is no reference, of the split that was scored last.</summary>
public static class MainScore
{
    /// <param name="evaluations">In the order in which they were made.</param>
    /// <returns>Null where nothing was measured.</returns>
    public static RunEvaluated? Of(IEnumerable<RunEvaluated> evaluations)
    {
        var measured = evaluations.Where(evaluated => !evaluated.Reference && evaluated.IsMeasured).ToList();
        return measured.FirstOrDefault(evaluated => evaluated.Protocol.Split == measured[^1].Protocol.Split);
    }
}
