using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Tests.Evaluation;

/// <summary>Masks that were drawn as 0 and 255: a blank prediction must not score 100 on them, and nothing becomes NaN.</summary>
public sealed class BlackAndWhiteTruthTests : IDisposable
{
    private static readonly LabelMap Blank = new(2, 1, [0, 0]);

    private readonly string _folder = Directory.CreateTempSubdirectory("black-and-white").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, 255, "no labels but 0 and 255 in all of its 2 images (a, b)")]
    [InlineData(255, 255, "no label but 255 in all of its 2 images (a, b)")]
    public void OfLabelMaps_AllOfThem_IsRefused(byte first, byte second, string reason)
    {
        var error = Assert.Throws<InvalidDataException>(() =>
            SplitSweep.OfLabelMaps([Image("a", first, second), Image("b", first, second)], _ => Blank, 3));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("The ground truth", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidDataException>(() =>
            SplitSweep.OfSoftMaps([Image("a", first, second), Image("b", first, second)], (_, _) => new SoftCam(2, 1, [0], [0, 0]), 3, [0.5]));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OfLabelMaps_SomeOfThem_IsSaid()
    {
        var sweep = SplitSweep.OfLabelMaps([Image("a", 0, 255), Image("b", 0, 1), Image("c", 255, 255)], _ => Blank, 3);
        Assert.StartsWith("The ground truth of 2 of 3 images has no labels but 0 and 255 (a, c).", sweep.Warning, StringComparison.Ordinal);
        Assert.False(double.IsNaN(sweep.At(null).Total.MeanIou));
        Assert.Null(SplitSweep.OfLabelMaps([Image("b", 255, 1)], _ => Blank, 3).Warning);
    }

    /// <summary>A method that is sure of nothing ignores all pixels: they count as background.</summary>
    [Fact]
    public void OfLabelMaps_PredictionWithoutAnyLabel_IsScoredAsBackground()
    {
        var sweep = SplitSweep.OfLabelMaps([Image("a", 0, 1)], _ => new(2, 1, [255, 255]), 3);
        Assert.Equal([0.5, 0], sweep.At(null).Total.PerClassIou.Take(2).Select(iou => iou!.Value));
    }

    [Fact]
    public void Run_OfFolders_RefusesThem()
    {
        foreach (var (file, labels) in new[] { ("truth", new byte[] { 0, 255 }), ("prediction", [0, 0]) })
        {
            Directory.CreateDirectory(Path.Combine(_folder, file));
            ImageFile.WriteLabels(Path.Combine(_folder, file, "a.png"), new LabelMap(2, 1, labels));
        }
        var error = Assert.Throws<InvalidDataException>(() =>
            LabelMapEvaluation.Run(Path.Combine(_folder, "prediction"), Path.Combine(_folder, "truth"), 2));
        Assert.Contains($"{Path.Combine(_folder, "truth")} has no labels but 0 and 255", error.Message, StringComparison.Ordinal);
    }

    private static ScoredImage Image(string id, params byte[] labels) => new(id, [], () => new(2, 1, labels));
}
