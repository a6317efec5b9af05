using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Evaluation;

public sealed class CooccurrenceScoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>One row of ten pixels: two of a part, three of the body, two of own stuff, two of another class's stuff, one ignored.</summary>
    [Fact]
    public void Of_HandMadeMaps_CountsEachMeasure()
    {
        var truth = new LabelMap(10, 1, [1, 1, 1, 1, 1, 0, 0, 0, 0, 255]);
        Write("Parts", [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        Write("Stuff", [0, 0, 0, 0, 0, 1, 1, 2, 2, 1]);
        // Predicted at 0.5: part, one pixel of the body (and one as class 1, which is wrong), one of own stuff, one of the other.
        float[] first = [0.9f, 0.9f, 0.9f, 0.1f, 0.1f, 0.9f, 0.1f, 0.9f, 0.1f, 0.9f];
        float[] second = [0, 0, 0, 0.8f, 0, 0, 0, 0, 0, 0];
        var image = new ScoredImage("a", [0], () => truth);

        var measures = CooccurrenceScore.Of(_folder.Path, [image, image], _ => new(10, 1, [0, 1], [.. first, .. second]), threshold: 0.5)!;

        Assert.Equal(1.0 / 2, measures[CooccurrenceMeasures.FalseActivation]);
        Assert.Equal(1.0 / 3, measures[CooccurrenceMeasures.BodyRecall]);
        Assert.Equal(2.0 / 2, measures[CooccurrenceMeasures.PartRecall]);
        // Six pixels are predicted as objects, three are.
        Assert.Equal(3.0 / 6, measures[CooccurrenceMeasures.Precision]);
    }

    [Fact]
    public void Of_NothingPredicted_LeavesPrecisionOut()
    {
        Write("Parts", [0, 0]);
        Write("Stuff", [0, 0]);
        var image = new ScoredImage("a", [0], () => new LabelMap(2, 1, [1, 0]));

        var measures = CooccurrenceScore.Of(_folder.Path, [image], _ => new(2, 1, [0], [0.1f, 0.1f]), threshold: 0.5)!;

        Assert.Equal(0, Assert.Single(measures, measure => measure.Key == CooccurrenceMeasures.BodyRecall).Value);
        Assert.Single(measures);
    }

    [Fact]
    public void Of_OrdinaryDataset_IsNull() =>
        Assert.Null(
            CooccurrenceScore.Of(_folder.Path, [new ScoredImage("a", [0], () => new LabelMap(1, 1, [0]))], _ => new(1, 1, [], []), threshold: 0.5));

    private void Write(string kind, byte[] labels)
    {
        Directory.CreateDirectory(_folder.File(kind));
        ImageFile.WriteLabels(_folder.File(kind, "a.png"), new LabelMap(labels.Length, 1, labels));
    }
}
