using System.Text.RegularExpressions;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>From the CAM baseline to CLIMS and its ablation: the real dashboard, the real methods, the built-in data set and CLIP, a real browser. Runs are shortened by options.</summary>
public sealed class ClimsRunTests : IAsyncLifetime
{
    /// <summary>A busy machine trains for minutes.</summary>
    private const int Patience = 600_000;

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
    public async Task Clims_LaunchedFromACamRun_DrawsFourTermsStandsOnTheLeaderboardAndHasAnAblation()
    {
        var page = await _chromium.NewPageAsync(_server.Address);

        // The baseline, one epoch of it.
        await page.GotoAsync("/new?method=cam&preset=builtin&dataset=cooccurrence&name=the+baseline&set=epochs%3D1&set=snapshotImages%3D4");
        var cam = await LaunchAsync(page, "cam");
        await Expect(page.Locator(".page-head .state-finished")).ToBeVisibleAsync(new() { Timeout = Patience });

        // CLIMS from it.
        await page.GetByRole(AriaRole.Link, new() { Name = "Launch CLIMS from this run" }).ClickAsync();
        await Expect(page.Locator("#input-baseline")).ToHaveValueAsync(cam, new() { Timeout = Patience });
        await page.Locator("#option-epochs").FillAsync("1");
        await page.Locator("#option-epochs").BlurAsync();
        await page.Locator("#name").FillAsync("CLIMS from the baseline");
        var clims = await LaunchAsync(page, "clims");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Related runs" })).ToContainTextAsync("Starts from the baseline");
        await Expect(page.Locator("[data-group='loss term'] [data-part=legend] button .label")).ToContainTextAsync(["BTM", "CBS", "OTM", "REG"], new() { Timeout = Patience });
        await Expect(page.Locator("[data-group='loss share'] .u-over")).ToBeVisibleAsync();
        await Expect(page.Locator(".page-head .state-finished")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Chromium.ScreenshotAsync(page, "clims-run-finished");
        var events = EventLogReader.ReadAll(_server.Data.Run(clims).Events);
        Assert.All(events.OfType<RunMetrics>().Where(metrics => metrics.Values.ContainsKey("loss share/OTM")), metrics =>
            Assert.Equal(1, metrics.Values.Where(value => value.Key.StartsWith("loss share/", StringComparison.Ordinal)).Sum(value => value.Value), 1e-4));

        // Both stand on the leaderboard, under one protocol.
        await page.GotoAsync("/leaderboard");
        var board = page.Locator("table").Filter(new() { HasText = "CLIMS from the baseline" }).Filter(new() { HasText = "the baseline" }).First;
        await Expect(board).ToBeVisibleAsync(new() { Timeout = Patience });

        // The ablation: four more runs from the same baseline.
        await page.GotoAsync($"/new?method=clims&preset=builtin&dataset=cooccurrence&baseline={cam}&set=epochs%3D1&set=snapshotImages%3D4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the ablation: 4 runs" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Queue 4 runs" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/comparison\?group=ablation-"));
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Measured" }).Locator("tbody tr");
        await Expect(rows.Locator("th a")).ToHaveTextAsync(["the baseline", "OTM", "OTM+BTM", "OTM+BTM+REG", "OTM+BTM+REG+CBS"], new() { Timeout = Patience });
        await Expect(rows.Locator(".state-finished")).ToHaveCountAsync(5, new() { Timeout = Patience });
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Activation maps of the same images" }).Locator("tbody tr").First.Locator("img")).ToHaveCountAsync(2 + 5);
        await Chromium.ScreenshotAsync(page, "clims-ablation");
    }

    private static async Task<string> LaunchAsync(IPage page, string method)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync(new() { Timeout = Patience });
        await Expect(page).ToHaveURLAsync(new Regex($@"/runs/[^/]*-{method}-"), new() { Timeout = Patience });
        return new Uri(page.Url).Segments[^1];
    }
}
