using Dashboard.Domain.Methods.Schema;

namespace Dashboard.Domain.Methods;

/// <summary>Options of every method that makes maps or labels of several splits of a data set.</summary>
public abstract record SplitsOptions : NetworkOptions
{
    [Option(
        "Splits", "Splits whose images are processed. Each one with ground truth is scored; the score of the last one is the main score of the run.")]
    public IReadOnlyList<string> Splits { get; init; } = ["train_aug", "train"];

    [Option("Run", "Images of the last split that the run's page shows.", Unit = "images", Min = 0, Max = 64, Advanced = true)]
    public int SnapshotImages { get; init; } = 8;

    /// <summary>The split of the run's main score.</summary>
    public string MainSplit => Splits[^1];

    public override IEnumerable<(string Option, string Split)> NamedSplits() => Splits.Select(split => ("splits", split));

    public override IEnumerable<OptionFailure> Validate()
    {
        if (Splits.Count == 0)
            yield return new("splits", "splits: name at least one split.");
        if (Splits.Count != Splits.Distinct().Count())
            yield return new("splits", $"splits: {string.Join(", ", Splits)} names a split twice.");
    }
}
