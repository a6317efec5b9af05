using System.Text.RegularExpressions;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>From class names to masks, and beside a CAM run: the real dashboard, the LoDA model that ships with the project, a real browser.</summary>
public sealed class ZeroShotRunTests : IAsyncLifetime
{
    /// <summary>A busy machine takes minutes.</summary>
    private const int Patience = 300_000;

    private ServerProcess _server = null!;
    private Chromium _chromium = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(program: Path.Combine(AppContext.BaseDirectory, "dashboard"));
        _chromium = await Chromium.LaunchAsync();
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task ZeroShot_LaunchedFromTheForm_StandsOnTheLeaderboardAndBesideACamRun()
    {
        var page = await _chromium.NewPageAsync(_server.Address);
        await LaunchAsync(page, "/new?method=cam&preset=builtin&dataset=cooccurrence&name=the+baseline&set=epochs%3D1&set=snapshotImages%3D0", "cam");
        var zeroShot = await LaunchAsync(page, "/new?method=zeroshot&preset=builtin&dataset=cooccurrence&name=masks+from+names", "zeroshot");
        Assert.Equal(RunState.Finished, RunStore.Look(_server.Data.Run(zeroShot), TimeProvider.System).State);
        var score = Assert.Single(EventLogReader.ReadAll(_server.Data.Run(zeroShot).Events).OfType<RunEvaluated>());
        Assert.Equal((Protocol.Stages.ZeroShot, Protocol.TagsUnknown, 320), (score.Protocol.Stage, score.Protocol.Tags, score.Protocol.Images));
        Assert.True(score.Miou > 0.3, $"mIoU {score.Miou}");

        await page.GotoAsync("/leaderboard");
        await Expect(page.Locator("table").Filter(new() { HasText = "masks from names" }).First).ToBeVisibleAsync(new() { Timeout = Patience });

        // Both runs and the truth, and the image where the two differ most in favour of the masks from names.
        await page.GotoAsync("/compare");
        await Expect(page.Locator("[data-pane] canvas")).ToHaveCountAsync(3, new() { Timeout = Patience });
        await page.Locator("#sort").SelectOptionAsync("difference-0-1");
        await Expect(page.Locator(".images .id .soft").First).ToContainTextAsync("points", new() { Timeout = Patience });
        await Chromium.ScreenshotAsync(page, "compare-zeroshot");
    }

    private static async Task<string> LaunchAsync(IPage page, string form, string method)
    {
        await page.GotoAsync(form);
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync(new() { Timeout = Patience });
        await Expect(page).ToHaveURLAsync(new Regex($@"/runs/[^/]*-{method}-"), new() { Timeout = Patience });
        await Expect(page.Locator(".page-head .state-finished")).ToBeVisibleAsync(new() { Timeout = Patience });
        return new Uri(page.Url).Segments[^1];
    }
}
