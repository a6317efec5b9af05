using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>Tells generated worlds apart in events that were written before the protocol did.</summary>
public static class WorldVariants
{
    /// <summary>
    /// Older events do not tell which world was generated. On the built-in data set it is the standard one; of others, only runs on the same folder
    /// are sure to have seen the same images.
    /// </summary>
    public static RunEvaluated ToldApart(RunSpec spec, RunEvaluated evaluated) =>
        evaluated.Protocol is { Dataset: CooccurrenceWorld.Title, Variant: null } protocol && spec.Dataset != CooccurrenceWorld.Kind
            ? evaluated with { Protocol = protocol with { Variant = $"of {spec.Dataset}" } }
            : evaluated;
}
