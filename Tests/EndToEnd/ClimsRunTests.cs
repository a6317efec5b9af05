using System.Text.RegularExpressions;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// From the CAM baseline to CLIMS and its ablation: the real dashboard, the real methods, the built-in data set and CLIP, a real browser.
/// </summary>
[Collection(LaunchedRunsCollection.Name)]
public sealed class ClimsRunTests(LaunchedRunsFixture dashboard)
{
    private const int Patience = RealProgramFixture.Patience;

    [Fact]
    public async Task Clims_LaunchedFromACamRun_DrawsFourTermsAndStandsOnTheLeaderboard()
    {
        var clims = await dashboard.ClimsAsync();
        var page = await dashboard.OpenAsync($"/runs/{clims}");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Related runs" })).ToContainTextAsync("Starts from the baseline");
        await Expect(page.Locator("[data-group='loss term'] [data-part=legend] button .label")).ToContainTextAsync(["BTM", "CBS", "OTM", "REG"]);
        await Expect(page.Locator("[data-group='loss share'] .u-over")).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "clims-run-finished");
        var events = EventLogReader.ReadAll(dashboard.Server.Data.Run(clims).Events);
        Assert.All(events.OfType<RunMetrics>().Where(metrics => metrics.Values.ContainsKey("loss share/OTM")), metrics =>
            Assert.Equal(1, metrics.Values.Where(value => value.Key.StartsWith("loss share/", StringComparison.Ordinal)).Sum(value => value.Value),
                1e-4));

        // Beside its baseline, under one protocol.
        await page.GotoAsync("/leaderboard");
        var board = page.Locator(
            "table").Filter(new() { HasText = LaunchedRunsFixture.ClimsName }).Filter(new() { HasText = LaunchedRunsFixture.CamName }).First;
        await Expect(board).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    [Fact]
    public async Task Ablation_OfABaseline_QueuesFourRunsAndOpensTheirComparison()
    {
        var page = await dashboard.OpenAsync(
            $"/new?method=clims&preset=builtin&dataset={LaunchedRunsFixture.World}&baseline={await dashboard.CamAsync()}"
            + "&set=epochs%3D1&set=trainSplit%3Dval&set=cropSize%3D48&set=snapshotImages%3D4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the ablation: 4 runs" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Queue 4 runs" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/compare/runs\?group=ablation-"));
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Measured" }).Locator("tbody tr");
        await Expect(rows.Locator("th a"))
            .ToHaveTextAsync([LaunchedRunsFixture.CamName, "OTM", "OTM+BTM", "OTM+BTM+REG", "OTM+BTM+REG+CBS"], new() { Timeout = Patience });
        await Expect(rows.Locator(".state-finished")).ToHaveCountAsync(5, new() { Timeout = Patience });
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Activation maps of the same images" }).Locator("tbody tr").First.Locator("img"))
            .ToHaveCountAsync(2 + 5);
        await Chromium.ScreenshotAsync(page, "clims-ablation");
    }
}
