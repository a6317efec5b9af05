using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>From class names to masks: the real dashboard, the LoDA model that ships with the project, a real browser.</summary>
[Collection(LaunchedRunsCollection.Name)]
public sealed class ZeroShotRunTests(LaunchedRunsFixture dashboard)
{
    [Fact]
    public async Task ZeroShot_LaunchedFromTheForm_StandsOnTheLeaderboardUnderItsOwnProtocol()
    {
        var zeroShot = await dashboard.ZeroShotAsync();
        Assert.Equal(RunState.Finished, RunStore.Look(dashboard.Server.Data.Run(zeroShot), TimeProvider.System).State);
        var score = Assert.Single(EventLogReader.ReadAll(dashboard.Server.Data.Run(zeroShot).Events).OfType<RunEvaluated>());
        Assert.Equal((Protocol.Stages.ZeroShot, Protocol.TagsUnknown, LaunchedRunsFixture.Images),
            (score.Protocol.Stage, score.Protocol.Tags, score.Protocol.Images));
        Assert.True(score.Miou > 0.3, $"mIoU {score.Miou}");

        var page = await dashboard.OpenAsync("/leaderboard");
        await Expect(page.Locator("table").Filter(new() { HasText = LaunchedRunsFixture.ZeroShotName }).First)
            .ToBeVisibleAsync(new() { Timeout = RealProgramFixture.Patience });
    }
}
