using Dashboard.Backend.Inference;
using Dashboard.Backend.Methods.SimSeg;

namespace Dashboard.Tests.Inference;

/// <summary>An image may be as large as the machine bears, whatever the model was made for.</summary>
public sealed class SegmentRoomTests
{
    private const long TwoGigabytes = 2L << 30;

    /// <summary>Published models, at their own side and where they go beyond what may be.</summary>
    [Theory]
    [InlineData(16, 6, 288, 1152, null)]
    [InlineData(16, 12, 288, 1152, 1088)]
    [InlineData(14, 16, 336, 1344, 882)]
    [InlineData(32, 12, 224, 896, null)]
    [InlineData(32, 0, 448, 1792, null)]
    [InlineData(16, 12, 288, 4096, 1088)]
    [InlineData(8, 4, 64, 300, 256)]
    public void Refuse_ModelAtASide_NamesTheLargest(int patch, int heads, int usual, int side, int? most)
    {
        var room = new SegmentRoom(new(patch, heads), usual, candidates: 5, names: 21, TwoGigabytes);
        Assert.Null(room.Refuse(usual));
        if (most is null)
        {
            Assert.Null(room.Refuse(side));
            return;
        }
        Assert.Equal(
            $"resolution: the model was made for {usual} pixels a side and takes at most {most}, not {side}. Lower resolution, or choose 0 for the "
            + $"model's own, which is {usual}.", room.Refuse(side));
        Assert.Null(room.Refuse(most.Value));
        Assert.NotNull(room.Refuse(most.Value + patch));
    }

    /// <summary>Four times its side would be 70 billion numbers: a bound that only knows the model lets them pass.</summary>
    [Fact]
    public void Refuse_ModelThatWasMadeTooLarge_NamesASideThatFits()
    {
        var room = new SegmentRoom(new PatchAttention(8, 12), usual: 1024, candidates: 1, names: 2, TwoGigabytes);
        Assert.Equal("resolution: the model was made for 1024 pixels a side and takes at most 544, not 1024. Lower resolution.", room.Refuse(1024));
        Assert.NotNull(room.Refuse(4096));
        Assert.Null(room.Refuse(544));
    }

    [Fact]
    public void Refuse_MoreMapsOrNamesThanCanBeShown_SaysWhatToLower()
    {
        Assert.Contains(
            "maps of 200 candidates among 201 names at 896 pixels a side are more than can be shown; 288 pixels a side would do. Lower candidates "
            + "or resolution", new SegmentRoom(new(32, 12), 224, 200, 201, TwoGigabytes).Refuse(896), StringComparison.Ordinal);
        Assert.Contains("maps of 1 candidates among 255 names at 600 pixels a side are more than can be shown; 512 pixels a side would do.",
            new SegmentRoom(new(4, 0), 512, 1, 255, TwoGigabytes).Refuse(600), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_NoRoomForOnePatch_AsksForASmallerModel() =>
        Assert.Contains("Choose a smaller model", new SegmentRoom(new(32, 12), 224, 1, 2, memory: 100).Refuse(224), StringComparison.Ordinal);
}
