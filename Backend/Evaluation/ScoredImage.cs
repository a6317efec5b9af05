using Dashboard.Backend.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>An image that is scored.</summary>
/// <param name="Tags">Classes that are present, 0-based.</param>
/// <param name="Truth">Reads the ground truth.</param>
public sealed record ScoredImage(string Id, IReadOnlyList<int> Tags, Func<LabelMap> Truth)
{
    public static ScoredImage Of(Sample sample) => new(sample.Id, sample.Tags, sample.ReadTruth);
}
