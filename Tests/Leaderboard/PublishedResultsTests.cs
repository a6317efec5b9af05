using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Leaderboard;

public sealed class PublishedResultsTests
{
    [Fact]
    public void All_Rows_HaveASourceAShareAndAProtocolOfTheirOwn()
    {
        Assert.All(PublishedResults.All, row =>
        {
            Assert.NotEmpty(row.Source);
            Assert.InRange(row.Miou, 0.2, 0.8);
            Assert.True(row.Protocol.Images > 0);
        });
        Assert.Distinct(PublishedResults.All.Select(row => (row.Method, row.Protocol.Key)));
    }

    /// <summary>Our CAM baseline at the published threshold meets IRN's number, and no number of another stage or split.</summary>
    [Fact]
    public void All_ProtocolOfOurCamAtFixedThreshold_MeetsSeedsOnly()
    {
        var ours = new Protocol
        {
            Stage = Protocol.Stages.SeedCam, Dataset = "VOC 2012", Split = "train", Threshold = 0.15, ThresholdSource = Protocol.FixedThreshold,
            Tags = Protocol.TagsGiven, Images = 1464,
        };
        var comparable = PublishedResults.All.Where(row => row.Protocol.Key == ours.Key).ToList();
        Assert.Contains(comparable, row => row.Method == "CAM (IRN)" && row.Miou == 0.483);
        Assert.All(comparable, row => Assert.Equal((Protocol.Stages.SeedCam, "train"), (row.Protocol.Stage, row.Protocol.Split)));
        Assert.DoesNotContain(comparable, row => row.Protocol.ThresholdSource == Protocol.UnknownThreshold);
    }
}
