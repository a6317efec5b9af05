namespace Dashboard.Domain.Datasets;

/// <summary>The foreground classes of a data set, in label order: class k has label k+1, background label 0.</summary>
public sealed record ClassSet(IReadOnlyList<string> Names)
{
    public int Count => Names.Count;

    /// <summary>Names by label, "background" first.</summary>
    public IReadOnlyList<string> LabelNames { get; } = ["background", .. Names];
}
