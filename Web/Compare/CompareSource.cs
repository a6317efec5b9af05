using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Compare;

/// <summary>The images that sources must share to be compared: the one name of a data set, and a split.</summary>
public sealed record CompareSplit(string Dataset, string Split);

/// <summary>A finished run's soft maps or label maps.</summary>
/// <param name="Evaluation">The measurement of just these maps; null where none stands in the log.</param>
public sealed record CompareSource(SourceKey Key, RunSummary Run, CompareSplit Images, RunEvaluated? Evaluation)
{
    public string RunName => Run.Spec.DistinctTitle;

    /// <summary>"CAM maps · CAM, seed 0": where there is little room, what differs most is seen first.</summary>
    public string Name => $"{Evaluation?.Row ?? Run.Spec.Method} {(Key.Kind == SourceKind.Maps ? "maps" : "masks")} · {RunName}";

    /// <summary>Where the run's own sweep was best; null for label maps, and for soft maps that the run has not swept.</summary>
    public double? Threshold => Key.Kind == SourceKind.Maps ? Evaluation?.Protocol.Threshold : null;
}
