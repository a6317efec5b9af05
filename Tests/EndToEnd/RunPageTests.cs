using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The run page in a real browser, fed by runs whose every event the test writes.</summary>
public sealed class RunPageTests(RunPageFixture dashboard, ITestOutputHelper output) : IClassFixture<RunPageFixture>, IAsyncLifetime
{
    private const string LossNote = "[data-group=loss] [data-part=note]";

    private static int _runs;

    private readonly List<IPage> _pages = [];
    private readonly ConcurrentQueue<string> _errors = [];

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>What went wrong in a page's scripts fails the test that opened it.</summary>
    public async Task DisposeAsync()
    {
        foreach (var page in _pages)
            await page.Context.CloseAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Page_FinishedRun_ShowsCurvesMapsAndResults()
    {
        using var run = NewRun("Baseline, seed 0");
        run.Train(200);
        run.Evaluate();
        run.Finish();

        foreach (var (width, dark) in new[] { (1280, false), (1280, true), (390, false), (390, true) })
        {
            var page = await OpenAsync($"runs/{run.Folder.Id}", width, dark);
            await Expect(page.Locator("[data-group=loss] .u-over")).ToBeVisibleAsync();
            await Expect(page.Locator(".timeline .row")).ToHaveCountAsync(4);
            await Expect(page.Locator(".miou strong")).ToHaveTextAsync("31.42");
            await Expect(page.Locator(".log pre")).ToContainTextAsync("epoch 4 of 4");
            await Chromium.ScreenshotAsync(page, $"run-{width}-{(dark ? "dark" : "light")}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"the page scrolls sideways at {width} px");
        }
    }

    /// <summary>Zero-shot masks are made, not trained, and others only taken over: there are no curves to wait for and no epochs to move through.</summary>
    [Theory]
    [InlineData("zeroshot")]
    [InlineData("import")]
    public async Task Page_OfARunThatTrainsNothing_HasNoCurvesAndNoEpochs(string name)
    {
        var method = MethodCatalog.Get(name);
        var id = $"20260101-000009-{name}-page";
        var folder = RunFolder.Create(dashboard.Data.Run(id).Path, new RunSpec
        {
            Id = id,
            Method = method.Name,
            Options = method.Schema.Write(method.Presets[0].Options),
            Dataset = "cooccurrence",
            Seed = 0,
            Device = "cpu",
            CodeVersion = "test",
            Created = DateTimeOffset.UtcNow,
        });
        using (var log = new EventLogWriter(folder.Events, TimeProvider.System))
        {
            log.Append(new RunStarted(Environment.ProcessId, "test", "cpu", "test"));
            log.Append(new RunFinished(1));
        }

        var page = await OpenAsync($"runs/{folder.Id}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Maps and masks" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Curves" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Charts_LiveRun_GrowWithoutReloadAndReachTheScreenSoon()
    {
        using var run = NewRun();
        run.Train(30);
        var page = await OpenAsync($"runs/{run.Folder.Id}");
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("30 of 30 points");

        // Twenty events a second, as a quick training run writes them.
        for (var i = 0; i < 100; i++)
        {
            run.Train();
            await Task.Delay(50);
        }

        await Expect(page.Locator(LossNote)).ToHaveTextAsync("132 of 132 points"); // two of them are whole epochs' losses
        await Expect(page.Locator(".timeline .row")).ToHaveCountAsync(4);
        await Expect(page.Locator(".chip.state-running")).ToBeVisibleAsync();
        var latencies = (await page.EvaluateAsync<double[]>("dashboardLatency")).Order().ToArray();
        Assert.NotEmpty(latencies);
        Report(latencies);
    }

    [Fact]
    public async Task Pause_WhileEventsArrive_FreezesTheChartAndCountsThenCatchesUp()
    {
        using var run = NewRun();
        run.Train(30);
        var page = await OpenAsync($"runs/{run.Folder.Id}");
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
        using var run = NewRun();
        run.Train(40);
        var page = await OpenAsync($"runs/{run.Folder.Id}");
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
        using var run = NewRun(stepsPerEpoch: 1250);
        run.Train(5000);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}?hide=epoch%2Floss");
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
        using var run = NewRun();
        run.Train(60);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}");
        await Expect(page.Locator("[data-group=loss] .u-over")).ToBeVisibleAsync();

        await page.Locator("[data-control=smooth]").FillAsync("0.9");
        await page.Locator("[data-control=log]").CheckAsync();
        await page.Locator("[data-control=x]").SelectOptionAsync("epoch");
        await page.Locator("[data-group=learningRate] [data-part=legend] button").ClickAsync();
        await Expect(page.Locator("[data-group=learningRate]")).ToContainTextAsync("All curves are switched off in the legend.");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?smooth=0\.9&log=1&x=epoch&hide=learningRate$"));

        await page.ReloadAsync();
        await Expect(page.Locator("[data-control=smooth-value]")).ToHaveTextAsync("0.90");
        await Expect(page.Locator("[data-control=log]")).ToBeCheckedAsync();
        await Expect(page.Locator("[data-control=x]")).ToHaveValueAsync("epoch");
        await Expect(page.Locator("[data-group=learningRate]")).ToContainTextAsync("All curves are switched off in the legend.");
    }

    [Fact]
    public async Task Slider_Moved_ChangesAllPanelsAndMarksTheStep()
    {
        using var run = NewRun();
        run.Train(150);
        var page = await OpenAsync($"runs/{run.Folder.Id}");
        var masks = page.Locator(".timeline [data-kind=mask] img");
        await Expect(masks).ToHaveCountAsync(4);
        await ExpectEpoch(page, 3);

        await page.Locator("[data-control=slider]").PressAsync("ArrowLeft");
        await ExpectEpoch(page, 2);
        await Expect(page).ToHaveURLAsync(new Regex("epoch=2"));

        // A person's choice stands while the run goes on.
        run.Train(50);
        await Expect(page.Locator("[data-control=slider]")).ToHaveAttributeAsync("max", "3");
        await ExpectEpoch(page, 2);

        await page.Locator("[data-control=follow]").CheckAsync();
        await ExpectEpoch(page, 4);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.timeline img')].every(image => image.complete && image.naturalWidth === 96)");
    }

    [Fact]
    public async Task With_OtherRun_LaysItsCurvesOver()
    {
        using var first = NewRun("One");
        using var second = NewRun("Two", difficulty: 1.6);
        first.Train(120);
        second.Train(120);
        first.Finish();
        second.Finish();

        var page = await OpenAsync($"runs/{first.Folder.Id}?with={second.Folder.Id},20260101-000000-cam-gone");

        await Expect(page.Locator("[data-group=loss] [data-part=legend] .label")).ToHaveTextAsync(["One", "Two"]);
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("240 of 240 points");
        await Expect(page.GetByText("Not laid over, because there is no such run: 20260101-000000-cam-gone.")).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "run-compare");
    }

    [Fact]
    public async Task Log_LetterHalfWritten_ComesWholeWithTheNextPiece()
    {
        using var run = NewRun();
        run.Train(1);
        var page = await OpenAsync($"runs/{run.Folder.Id}");
        var log = page.Locator(".log pre");
        var line = System.Text.Encoding.UTF8.GetBytes("épôque ✓\n");

        await File.WriteAllBytesAsync(run.Folder.WorkerLog, line[..^3]);
        await Expect(log).ToHaveTextAsync("épôque");
        await File.AppendAllBytesAsync(run.Folder.WorkerLog, line[^3..]);

        await Expect(log).ToHaveTextAsync("épôque ✓");
    }

    [Fact]
    public async Task Page_FailedRun_SaysWhyAndWhatNext()
    {
        using var run = NewRun();
        run.Train(60);
        run.Report(new RunFailed("images/000123.jpg is truncated after 812 bytes. Replace the file or take it off the list ImageSets/train.txt.", "at Decode()"));
        run.Dispose();

        var page = await OpenAsync($"runs/{run.Folder.Id}");

        var notice = page.Locator(".notice.error[role=alert]").Filter(new() { HasText = "images/000123.jpg is truncated" });
        await Expect(notice).ToContainTextAsync("Resume goes on from epoch 1 (step 50)");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-group=loss] .u-over")).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "run-failed");
    }

    [Fact]
    public async Task Page_UnknownRun_SaysSo()
    {
        var page = await OpenAsync("runs/nothing");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no run nothing" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Charts_DashboardRestarted_GoOnInTheOpenPageWithoutALoss()
    {
        using var run = NewRun();
        run.Train(20);
        var page = await OpenAsync($"runs/{run.Folder.Id}");
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("20 of 20 points");

        await dashboard.StopAsync();
        run.Train(10);
        await Expect(page.Locator(".charts")).ToHaveAttributeAsync("data-status", "reconnecting");
        await dashboard.StartAsync();
        await Expect(page.Locator(LossNote)).ToHaveTextAsync("30 of 30 points");
        run.Train(10);

        await Expect(page.Locator(LossNote)).ToHaveTextAsync("40 of 40 points");
    }

    [Fact]
    public async Task Export_LongRun_HasEveryPoint()
    {
        using var run = NewRun(stepsPerEpoch: 750);
        run.Train(3000);
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}");
        await page.Locator("[data-group=loss] summary").ClickAsync();

        var csv = await (await page.RunAndWaitForDownloadAsync(() => page.GetByText("CSV, all points").First.ClickAsync())).PathAsync();
        await page.Locator("[data-group=loss] summary").ClickAsync();
        var png = await page.RunAndWaitForDownloadAsync(() => page.Locator("[data-group=loss] [data-export=png]").ClickAsync());

        var lines = await File.ReadAllLinesAsync(csv);
        Assert.Equal("metric,step,time,value", lines[0]);
        Assert.Equal(Enumerable.Range(1, 3000).Select(step => $"{step}"), lines.Where(line => line.StartsWith("loss,", StringComparison.Ordinal)).Select(line => line.Split(',')[1]));
        Assert.Equal(4, lines.Count(line => line.StartsWith("epoch/loss,", StringComparison.Ordinal)));
        Assert.Equal($"{run.Folder.Id}-loss.png", png.SuggestedFilename);
    }

    /// <summary>By hand: averages 0.5, 1.25, 2.125 over biases 0.5, 0.75, 0.875.</summary>
    [Theory]
    [InlineData("[1, 2, 3]", "[1, 1, 1]", new[] { 1, 1.25 / 0.75, 2.125 / 0.875 })]
    [InlineData("[1, NaN, 2, 3]", "[1, 1, 1, 1]", new[] { 1, double.NaN, 1.25 / 0.75, 2.125 / 0.875 })]
    [InlineData("[5, 5, 5]", "[1, 1, 1]", new[] { 5.0, 5, 5 })]
    // An entry that stands for two points: 0.5² of the average is kept, and 1 - 0.5 · 0.5² the bias.
    [InlineData("[1, 3]", "[1, 2]", new[] { 1, (0.5 * 0.25 + 3 * 0.75) / 0.875 })]
    public async Task Smoothing_ByHalf_IsADebiasedAverage(string values, string counts, double[] expected)
    {
        var page = await OpenAsync("");

        var smoothed = await page.EvaluateAsync<double[]>($"import('/js/live/points.js').then(m => [...m.smooth(new Float64Array({values}), new Float64Array({counts}), 0.5)])");

        Assert.Equal(expected, smoothed, (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public async Task Points_PageOpenForDays_MergeNeighboursAndKeepExtremes()
    {
        var page = await OpenAsync("");

        var kept = await page.EvaluateAsync<double[]>("""
            import('/js/live/points.js').then(({ Points }) => {
                const points = new Points();
                for (let step = 1; step <= 50000; step++) points.append(step, step, step === 12345 ? 99 : step === 23456 ? NaN : step % 7);
                return [points.length, points.total, Math.max(...points.max), points.lastStep];
            })
            """);

        Assert.True(kept[0] <= 4000);
        Assert.Equal([50000, 99, 50000], kept[1..]);
    }

    private async Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false)
    {
        var page = await dashboard.OpenAsync(path, width, dark, _errors.Enqueue);
        _pages.Add(page);
        return page;
    }

    private FabricatedRun NewRun(string? name = null, double difficulty = 1, int stepsPerEpoch = 50) =>
        new FabricatedRun(dashboard.Data, $"20260101-{Interlocked.Increment(ref _runs):000000}-cam-page", name, stepsPerEpoch: stepsPerEpoch, difficulty: difficulty).Start();

    private static int Drawn(string? note) => int.Parse(note!.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static async Task ExpectEpoch(IPage page, int epoch)
    {
        await Expect(page.Locator("[data-control=epoch]")).ToHaveValueAsync($"{epoch}");
        await Expect(page.Locator($".timeline img[src*='/epoch-{epoch:0000}/']")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator($".timeline img:not([src*='/epoch-{epoch:0000}/'])")).ToHaveCountAsync(0);
    }

    /// <summary>From the event's time to the frame that shows it. Printed, kept, not asserted: a busy machine is no fault.</summary>
    private void Report(double[] latencies)
    {
        double At(double fraction) => latencies[(int)Math.Round(fraction * (latencies.Length - 1))];
        var sentence = $"event to pixel over {latencies.Length} events: p50 {At(0.5):0} ms, p95 {At(0.95):0} ms, worst {latencies[^1]:0} ms";
        output.WriteLine(sentence);
        Console.WriteLine(sentence);
        File.WriteAllText(Path.Combine(Chromium.Artifacts, "latency.json"), JsonSerializer.Serialize(new { Events = latencies.Length, P50 = At(0.5), P95 = At(0.95), Worst = latencies[^1] }));
    }
}
