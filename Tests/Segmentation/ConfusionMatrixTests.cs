using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Segmentation;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Add_RowsAreTruthAndColumnsPrediction_IgnoredPixelsAreLeftOut()
    {
        var matrix = new ConfusionMatrix(3);

        matrix.Add(new LabelMap(4, 1, [0, 1, 1, 255]), new LabelMap(4, 1, [0, 2, 1, 2]));

        Assert.Equal(3, matrix.Total);
        Assert.Equal(1, matrix[1, 2]);
        Assert.Equal(0, matrix[2, 1]);
        Assert.Equal([1.0, 0.5, 0.0], matrix.PerClassIou);
        Assert.Equal(0.5, matrix.MeanIou);
        Assert.Equal(0.75, DeepLabScores.Of(matrix).MeanIou);
    }

    [Fact]
    public void MeanIou_ClassOccursNowhere_IsLeftOut()
    {
        var matrix = new ConfusionMatrix(5);
        matrix.Add(0, 0, 3);
        matrix.Add(1, 0, 1);
        Assert.Null(matrix.PerClassIou[4]);
        Assert.Equal((0.75 + 0) / 2, matrix.MeanIou);
    }

    [Fact]
    public void MeanIou_NothingCounted_IsNotANumber() => Assert.Equal(double.NaN, new ConfusionMatrix(2).MeanIou);

    [Theory]
    [InlineData(3)]
    [InlineData(255)]
    public void Add_PredictionOutOfRange_NamesLabelAndPixelAndAddsNothing(byte label)
    {
        var matrix = new ConfusionMatrix(3);
        var error = Assert.Throws<ArgumentException>(() => matrix.Add(new LabelMap(2, 2, [0, 0, 0, 0]), new LabelMap(2, 2, [0, 0, 0, label])));
        Assert.Contains($"prediction has label {label} at x 1, y 1; legal are 0 to 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, matrix.Total);
    }

    [Fact]
    public void Add_SizesDiffer_NamesBoth()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new ConfusionMatrix(3).Add(new LabelMap(2, 2, new byte[4]), new LabelMap(4, 1, new byte[4])));
        Assert.Contains("4x1", error.Message, StringComparison.Ordinal);
        Assert.Contains("2x2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToSparse_AddedToAnother_GivesTheSameCounts()
    {
        var matrix = new ConfusionMatrix(4);
        matrix.Add(3, 1, 5);
        matrix.Add(0, 0, 7);
        var copy = new ConfusionMatrix(4);

        copy.Add(matrix.ToSparse());

        Assert.Equal((5, 7, 12), (copy[3, 1], copy[0, 0], copy.Total));
    }
}
