using System.Globalization;
using System.Text.RegularExpressions;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The charts of the run page in a real browser, fed by runs whose every event the test writes.</summary>
[Collection(RunPageCollection.Name)]
public sealed class RunChartsTests(RunPageFixture dashboard, ITestOutputHelper output) : BrowserTests<RunPageFixture>(dashboard)
{
    private const string LossNote = "[data-group=loss] [data-part=note]";

    [Fact]
    public async Task Charts_LiveRun_GrowWithoutReloadAndReachTheScreenSoon()
    {
        using var run = Dashboard.NewRun();
        run.Train(30);
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves");
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("30 of 30 points");

        // Twenty events a second, as a quick training run writes them.
        for (var i = 0; i < 100; i++)
        {
            run.Train();
            await Task.Delay(50);
        }

        await Expect(page.Locator(LossNote)).ToHaveTextAsync("132 of 132 points"); // two of them are whole epochs' losses
        await Expect(page.Locator(".state-running")).ToBeVisibleAsync();
        var latencies = await page.EvaluateAsync<double[]>("dashboardLatency");
        Assert.NotEmpty(latencies);
        Latency.Report(output, "event to pixel", latencies, "latency");
    }

    [Fact]
    public async Task Pause_WhileEventsArrive_FreezesTheChartAndCountsThenCatchesUp()
    {
        using var run = Dashboard.NewRun();
        run.Train(30);
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves");
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("30 of 30 points");
        var pause = page.Locator("[data-control=pause]").First;

        await pause.ClickAsync();
        run.Train(10);
        await Expect(pause).ToHaveTextAsync("Catch up: 20 new points");
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("30 of 30 points");

        await pause.ClickAsync();
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("40 of 40 points");
    }

    [Fact]
    public async Task Charts_ResumedRun_DropTheLostStretch()
    {
        using var run = Dashboard.NewRun();
        run.Train(40);
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves");
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("40 of 40 points");

        run.Resume(25);
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("25 of 25 points");
        run.Train(10);
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("35 of 35 points");

        await page.ReloadAsync();
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("35 of 35 points");
    }

    [Fact]
    public async Task Zoom_LongRun_AsksForDetailAndEscapeShowsAllAgain()
    {
        using var run = Dashboard.NewRun(stepsPerEpoch: 1250);
        run.Train(5000);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves&hide=epoch%2Floss");
        var note = page.Locator(LossNote);
        await Expect(note).ToContainTextAsync("of 5,000 points");
        Assert.True(Drawn(await note.TextContentAsync()) <= 1500, "thinned to the chart's width");

        var plot = page.Locator("[data-group=loss] .u-over");
        var box = (await plot.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + box.Width * 0.4f, box.Y + 50);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width * 0.45f, box.Y + 60, new() { Steps = 4 });
        await page.Mouse.UpAsync();

        await Expect(note).Not.ToContainTextAsync("5,000");
        await Expect(note).ToHaveTextAsync(new Regex(@"^(\d+) of \1 points$"));
        await Expect(page).ToHaveURLAsync(new Regex("from="));
        await Chromium.ScreenshotAsync(page, "run-zoom");

        await page.ReloadAsync();
        await Expect(note).ToHaveTextAsync(new Regex(@"^(\d+) of \1 points$"));

        await page.Locator("[data-group=loss] .plot").PressAsync("Escape");
        await Expect(note).ToContainTextAsync("of 5,000 points");
        await Expect(page).Not.ToHaveURLAsync(new Regex("from="));
    }

    [Fact]
    public async Task Controls_Changed_StandInTheAddressAndComeBackFromIt()
    {
        using var run = Dashboard.NewRun();
        run.Train(60);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves");
        await Expect(page.Locator("[data-group=loss] .u-over")).ToBeVisibleAsync();

        await page.Locator("[data-control=smooth]").FillAsync("0.9");
        await page.Locator("[data-control=log]").CheckAsync();
        await page.Locator("[data-control=x]").SelectOptionAsync("epoch");
        await page.Locator("[data-group=learningRate] [data-part=legend] button").ClickAsync();
        await Expect(page.Locator("[data-group=learningRate]")).ToContainTextAsync("All curves are switched off in the legend.");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?tab=curves&smooth=0\.9&log=1&x=epoch&hide=learningRate$"));

        await page.ReloadAsync();
        await Expect(page.Locator("[data-control=smooth-value]")).ToHaveTextAsync("0.90");
        await Expect(page.Locator("[data-control=log]")).ToBeCheckedAsync();
        await Expect(page.Locator("[data-control=x]")).ToHaveValueAsync("epoch");
        await Expect(page.Locator("[data-group=learningRate]")).ToContainTextAsync("All curves are switched off in the legend.");
    }

    [Fact]
    public async Task With_OtherRun_LaysItsCurvesOver()
    {
        using var first = Dashboard.NewRun("One");
        using var second = Dashboard.NewRun("Two", difficulty: 1.6);
        first.Train(120);
        second.Train(120);
        first.Finish();
        second.Finish();

        var page = await OpenAsync($"runs/{first.Folder.Id}?tab=curves&with={second.Folder.Id},20260101-000000-cam-gone");

        await Expect(page.Locator("[data-group=loss] [data-part=legend] .label")).ToHaveTextAsync(["One", "Two"]);
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("240 of 240 points");
        await Expect(page.GetByText("Not laid over, because there is no such run: 20260101-000000-cam-gone.")).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "run-compare");
    }

    [Fact]
    public async Task Charts_DashboardRestarted_GoOnInTheOpenPageWithoutALoss()
    {
        using var run = Dashboard.NewRun();
        run.Train(20);
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves");
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("20 of 20 points");
        // The points come before the connection stands; one that never stood cannot be lost.
        await Expect(page.Locator(".charts")).ToHaveAttributeAsync("data-status", "live");

        await Dashboard.StopAsync();
        run.Train(10);
        await Expect(page.Locator(".charts")).ToHaveAttributeAsync("data-status", "reconnecting");
        await Dashboard.StartAsync();
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("30 of 30 points");
        run.Train(10);

        await Expect(page.Locator(LossNote)).ToHaveTextAsync("40 of 40 points");
        // Not the curves alone: the head, too, tells what is.
        await Expect(page.Locator(".progress")).ToContainTextAsync("step 40 of 200");
    }

    [Fact]
    public async Task Pointer_OverAChart_MovesNothingOnThePage()
    {
        using var run = Dashboard.NewRun(baseline: "20260101-000000-cam-none");
        run.Train(120);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves", width: 900);
        var plot = page.Locator("[data-group='loss term'] .u-over");
        await Expect(plot).ToBeVisibleAsync();
        var height = await page.EvaluateAsync<double>("document.documentElement.scrollHeight");
        var box = (await plot.BoundingBoxAsync())!;
        foreach (var share in new[] { 0.1f, 0.4f, 0.9f })
        {
            await page.Mouse.MoveAsync(box.X + box.Width * share, box.Y + 60);
            await Expect(page.Locator("[data-group='loss term'] [data-part=at]")).Not.ToBeEmptyAsync();
            Assert.Equal(height, await page.EvaluateAsync<double>("document.documentElement.scrollHeight"));
            Assert.Equal(box.Y, (await plot.BoundingBoxAsync())!.Y);
        }
    }

    [Fact]
    public async Task Smoothing_LeavesASchedulesValuesAsTheyAre()
    {
        using var run = Dashboard.NewRun();
        run.Train(60);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves&smooth=0.95");
        var item = page.Locator("[data-group=learningRate] [data-part=legend] button");

        await Expect(item).ToHaveAttributeAsync("title", new Regex(@"measured ([^,]+), drawn \1\."));
    }

    [Fact]
    public async Task Export_LongRun_HasEveryPoint()
    {
        using var run = Dashboard.NewRun(stepsPerEpoch: 750);
        run.Train(3000);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=curves");
        // Before the module is there, no menu closes with a choice: the next click on its button would close it.
        await Expect(page.Locator("[data-group=loss] .u-over")).ToBeVisibleAsync();
        await page.Locator("[data-group=loss] summary").ClickAsync();

        var csv = await (await page.RunAndWaitForDownloadAsync(() => page.GetByText("CSV, all points").First.ClickAsync())).PathAsync();
        await page.Locator("[data-group=loss] summary").ClickAsync();
        var png = await page.RunAndWaitForDownloadAsync(() => page.Locator("[data-group=loss] [data-export=png]").ClickAsync());

        var lines = await File.ReadAllLinesAsync(csv);
        Assert.Equal("metric,step,time,value", lines[0]);
        Assert.Equal(Enumerable.Range(1, 3000).Select(step => $"{step}"),
            lines.Where(line => line.StartsWith("loss,", StringComparison.Ordinal)).Select(line => line.Split(',')[1]));
        Assert.Equal(4, lines.Count(line => line.StartsWith("epoch/loss,", StringComparison.Ordinal)));
        Assert.Equal($"{run.Folder.Id}-loss.png", png.SuggestedFilename);
    }

    private static int Drawn(string? note) => int.Parse(note!.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
