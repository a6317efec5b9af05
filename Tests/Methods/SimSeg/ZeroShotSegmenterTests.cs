using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.SimSeg;

/// <summary>Numbers of the authors' code are in <see cref="Golden.SimSegChecks"/>.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class ZeroShotSegmenterTests
{
    private static readonly ZeroShotOptions Plain =
        new() { Templates = TemplateSet.Own, OwnTemplates = ["{}"], Background = "", Crf = false, ClosingSize = 1, ThresholdFactor = -3 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Segment_TwoColours_FindsEachWhereItIs(bool crf)
    {
        // Left half red, right half green, blue nowhere; twice the model's resolution.
        var image = Image(64, 48, (x, _) => x < 32 ? (255, 0, 0) : (0, 255, 0));
        var result = Segment(image, ["red", "green", "blue"], Plain with { Crf = crf, ThresholdFactor = 0, TopClasses = 3, ClosingSize = 7 });
        Assert.Equal([0, 1], result.Selection.Selected.Order());
        Assert.Equal((64, 48), (result.Labels.Width, result.Labels.Height));
        Assert.Equal((1, 2), ((int)result.Labels[5, 20], (int)result.Labels[60, 20]));
        Assert.Equal(3 * 4 * 4, result.Similarities.Length);
    }

    /// <summary>Of different sizes: the model sees all as squares of one side.</summary>
    [Fact]
    public void Score_SeveralImagesAtOnce_SaysOfEachWhatItSaysOfItAlone()
    {
        using var scope = NewDisposeScope();
        using var model = new PatchColours();
        using var classes = ClassTexts.Encode(model, ["red", "green", "blue"], Plain);
        var segmenter = new ZeroShotSegmenter(model, classes, Plain, threads: 1);
        ImageBuffer[] images =
            [Image(64, 48, (x, _) => x < 32 ? (255, 0, 0) : (0, 255, 0)), Image(32, 40, (_, y) => y < 20 ? (0, 0, 255) : (0, 255, 0)),
                Image(16, 16, (_, _) => (255, 0, 0))];

        var together = segmenter.Score([.. images.Select(segmenter.See)]).Select(scored => segmenter.Compose(scored)).ToList();

        foreach (var (image, of) in images.Zip(together))
        {
            var alone = segmenter.Segment(image);
            Assert.Equal(alone.Scores, of.Scores);
            Assert.Equal(alone.Similarities, of.Similarities);
            Assert.Equal(alone.Labels.Labels, of.Labels.Labels);
            Assert.Equal((image.Width, image.Height), (of.Labels.Width, of.Labels.Height));
        }
    }

    [Fact]
    public void Segment_EveryCandidate_KeepsTheLabels()
    {
        var image = Image(32, 32, (x, _) => x < 24 ? (255, 0, 0) : (0, 0, 255));
        var options = Plain with { ThresholdFactor = 1 };
        var (selected, every) =
            (Segment(image, ["red", "green", "blue"], options), Segment(image, ["red", "green", "blue"], options, everyCandidate: true));
        Assert.Equal([0], selected.Responses.Select(response => response.Row));
        Assert.Equal([0, 2, 1], every.Responses.Select(response => response.Row));
        Assert.Equal(selected.Labels.Labels, every.Labels.Labels);
        Assert.Equal(1, selected.Labels[0, 0]);
        Assert.Equal(LabelMap.Background, selected.Labels[31, 0]);

        // What a page does when the threshold is moved: the same masks, recomposed.
        var moved = ZeroShotSegmenter.Compose(every.Responses, image.Size);
        Assert.Equal(3, moved[31, 0]);
    }

    [Fact]
    public void Segment_AMapThatIsTheSameEverywhere_MakesNoMask()
    {
        var result = Segment(Image(16, 16, (_, _) => (255, 0, 0)), ["red"], Plain);
        Assert.All(result.Responses.Single().Map, value => Assert.Equal(0, value));
        Assert.All(result.Labels.Labels, label => Assert.Equal(LabelMap.Background, label));
    }

    [Fact]
    public void Segment_OnePixel_Works()
    {
        var result =
            Segment(new ImageBuffer(1, 1, 1, [200]), ["red", "green"], new ZeroShotOptions { Templates = TemplateSet.Own, OwnTemplates = ["{}"] });
        Assert.Equal((1, 1), (result.Labels.Width, result.Labels.Height));
    }

    [Fact]
    public void Segment_Bilinear_IsSmoothBetweenPatches()
    {
        var image = Image(32, 32, (x, _) => x < 16 ? (255, 0, 0) : (0, 255, 0));
        var (nearest, bilinear) = (Map(MapUpsampling.Nearest), Map(MapUpsampling.Bilinear));
        Assert.Equal(2, nearest.Distinct().Count(value => value is 0 or 1));
        Assert.Contains(bilinear, value => value is > 0.2f and < 0.8f);

        float[] Map(MapUpsampling upsampling) => Segment(image, ["red"], Plain with { Upsampling = upsampling }).Responses.Single().Map;
    }

    [Fact]
    public void Segment_Background_CompetesButMakesNoMask()
    {
        var image = Image(32, 32, (x, _) => x < 24 ? (255, 0, 0) : (0, 0, 255));
        var result = Segment(image, ["blue"], Plain with { Background = "red" });
        Assert.Equal([0, 1], result.Selection.Ranking);
        Assert.Equal([1], result.Responses.Select(response => response.Label));
        Assert.Equal(LabelMap.Background, result.Labels[0, 0]);
    }

    [Fact]
    public void Compose_Overlap_GoesToTheBetterScoreAndNoneToOneBelowZero()
    {
        ClassResponse[] responses = [Response(1, 0.2f, 1, 1, 0), Response(2, 0.3f, 0, 1, 0), Response(3, -0.1f, 1, 1, 1)];
        Assert.Equal([1, 2, 0], ZeroShotSegmenter.Compose(responses, new(3, 1)).Labels);

        static ClassResponse Response(int label, float score, params byte[] mask) => new(label - 1, label, score, [], mask, mask);
    }

    private static ZeroShotSegmentation Segment(ImageBuffer image, string[] names, ZeroShotOptions options, bool everyCandidate = false)
    {
        using var scope = NewDisposeScope();
        using var model = new PatchColours();
        using var classes = ClassTexts.Encode(model, names, options);
        return new ZeroShotSegmenter(model, classes, options, threads: 1).Segment(image, everyCandidate);
    }

    private static ImageBuffer Image(int width, int height, Func<int, int, (int R, int G, int B)> colour) => new(width, height, 3,
        [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) let c =
            colour(x, y) from level in new[] { c.R, c.G, c.B } select (byte)level]);
}
