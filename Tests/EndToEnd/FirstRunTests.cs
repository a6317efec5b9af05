using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>What a new user does: the real dashboard, the real method, the built-in data set, a real browser.</summary>
public sealed class FirstRunTests(RealProgramFixture dashboard) : IClassFixture<RealProgramFixture>
{
    private const int Patience = RealProgramFixture.Patience;

    [Fact]
    public async Task FirstRun_LaunchedInTheBrowser_DrawsItselfSurvivesTheDashboardAndStandsOnTheLeaderboard()
    {
        // From the empty start page to a launched run.
        var page = await dashboard.OpenAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Set up the first run" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"new\?method=cam&dataset=cooccurrence&preset=builtin$"));
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "CAM baseline" })).ToBeCheckedAsync(new() { Timeout = Patience });
        await Expect(page.GetByLabel("Data set", new() { Exact = true })).ToHaveValueAsync("cooccurrence");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Built-in (CPU, minutes)" })).ToBeCheckedAsync();
        var id = await RealProgramFixture.LaunchAsync(page, "cam");
        var folder = dashboard.Server.Data.Run(id);

        // The curves draw themselves while it trains, and the maps of an epoch arrive.
        await Expect(page.Locator(".state-running").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.Locator(".timeline img").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Link, new() { Name = "Log", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Epoch 1: checkpoint written").First).ToBeVisibleAsync(new() { Timeout = Patience });

        // kill -9 of the dashboard: the worker goes on, and a new dashboard shows it running.
        await dashboard.Server.KillAsync();
        var seqWhenKilled = EventLogReader.ReadAll(folder.Events)[^1].Seq;
        await dashboard.Server.RestartAsync();
        await page.GotoAsync($"/runs/{id}?tab=log");
        await TemporaryData.Until(() => EventLogReader.ReadAll(folder.Events)[^1].Seq > seqWhenKilled, "events without the first dashboard");
        await Expect(page.Locator(".state-running, .state-finished").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.GetByText("Epoch 2: checkpoint written").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Chromium.ScreenshotAsync(page, "first-run-live", fullPage: false);
        await Expect(page.Locator(".state-finished").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Chromium.ScreenshotAsync(page, "first-run-finished");

        var events = EventLogReader.ReadAll(folder.Events);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(written => written.Seq));
        Assert.Single(events.OfType<RunStarted>());
        Assert.Equal(150, events.OfType<RunMetrics>().Count(metrics => metrics.Values.ContainsKey("loss")));

        // The seed mIoU is that of a CAM, far above what needs no network, and stands on the leaderboard with its protocol.
        var cam = events.OfType<RunEvaluated>().First(evaluated => evaluated is { Row: "CAM", Protocol.ThresholdSource: Protocol.SweptThreshold });
        var centrePrior = events.OfType<RunEvaluated>().Single(evaluated => evaluated.Row == "centre prior");
        Assert.InRange(cam.Miou, 0.29, 0.6);
        Assert.InRange(centrePrior.Miou, 0.25, cam.Miou);
        await page.GotoAsync("/leaderboard");
        var board = page.Locator("table").Filter(new() { HasText = "centre prior" }).First;
        await Expect(board).ToContainTextAsync((100 * cam.Miou).ToString("F2", CultureInfo.InvariantCulture), new() { Timeout = Patience });
        await Expect(board).ToContainTextAsync("all background");
        await Expect(page.Locator("main")).ToContainTextAsync("seed CAM on Co-occurrence world");
        await Chromium.ScreenshotAsync(page, "first-run-leaderboard");
    }
}
