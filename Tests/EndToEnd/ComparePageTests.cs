using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Dashboard.Tests.EndToEnd.ComparePage;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The Compare page in a real browser, over finished runs whose maps the test has written.</summary>
public sealed class ComparePageTests(RunPageFixture dashboard, ITestOutputHelper output) : IClassFixture<RunPageFixture>, IAsyncLifetime
{
    private static readonly Lock Making = new();
    private static FabricatedComparison? _small;

    private readonly List<IPage> _pages = [];
    private readonly ConcurrentQueue<string> _errors = [];

    private FabricatedComparison Small
    {
        get
        {
            lock (Making)
                return _small ??= new FabricatedComparison(dashboard.Data, "world", images: 40, size: 96);
        }
    }

    private string TwoRunsAndTruth => $"compare?sources=maps:{Small.Near.Id},maps:{Small.Spilling.Id},truth";

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>What went wrong in a page's scripts fails the test that opened it.</summary>
    public async Task DisposeAsync()
    {
        foreach (var page in _pages)
            await page.Context.CloseAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Threshold_Moved_RedrawsThePaneAndItsIouWithoutTheServer()
    {
        var page = await OpenAsync(TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        var (iou, pixels) = (await Iou(page, 0), await Pixels(page, 0));
        var (otherIou, otherPixels) = (await Iou(page, 1), await Pixels(page, 1));

        // Without a connection nothing can come from the server.
        await page.Context.SetOfflineAsync(true);
        await MoveSlider(page, 0, 0.7);

        await Expect(page.Locator(Part(0, "iou"))).Not.ToHaveTextAsync(iou);
        Assert.NotEqual(pixels, await Pixels(page, 0));
        Assert.Equal((otherIou, otherPixels), (await Iou(page, 1), await Pixels(page, 1)));
        await page.Context.SetOfflineAsync(false);
    }

    [Fact]
    public async Task Sort_ByDifference_AndAClassAndACell_ShowTheirImages()
    {
        var page = await OpenAsync(TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        await page.Locator("#sort").SelectOptionAsync("difference-1-0");
        var differences = ByDifference(await ScoresAsync(page, $"maps:{Small.Spilling.Id}"), await ScoresAsync(page, $"maps:{Small.Near.Id}"));
        await Expect(GridImages(page)).ToHaveTextAsync(differences.Take(24).Select(difference => difference.Image));
        await Expect(GridKeys(page)).ToHaveTextAsync(differences.Take(24).Select(difference => Points(difference.Difference)));

        await page.Locator("#sort").SelectOptionAsync("disagreement-0-1");
        await Expect(GridKeys(page).First).ToContainTextAsync("% differ");
        await page.Locator("#sort").SelectOptionAsync("");

        var cell = page.GetByTitle(new Regex($"^background taken for {Small.Labels[Small.Samples[0].Tags[0] + 1]}:"));
        await cell.ClickAsync();
        await Expect(page.Locator(".cell")).ToContainTextAsync($"background taken for {Small.Labels[Small.Samples[0].Tags[0] + 1]} by A");
        await Expect(GridKeys(page).First).ToContainTextAsync("pixels");
        var pixels = (await GridKeys(page).AllInnerTextsAsync()).Select(text => long.Parse(text.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(pixels.OrderDescending(), pixels);

        // The first of them in the panes, then the next by key.
        var first = await GridImages(page).First.InnerTextAsync();
        await page.Locator(".images a").First.ClickAsync();
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(first);
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("#viewer-title")).Not.ToHaveTextAsync(first);
        await page.Keyboard.PressAsync("p");
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(first);
    }

    [Fact]
    public async Task Swipe_DividerDragged_ShowsMoreOfTheOtherSource()
    {
        var page = await OpenAsync(TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        await page.GetByRole(AriaRole.Button, new() { Name = "Swipe" }).ClickAsync();
        var handle = page.GetByRole(AriaRole.Slider, new() { Name = "Divider" });
        await Expect(handle).ToHaveAttributeAsync("aria-valuenow", "50");
        await Expect(page.Locator(".stage canvas")).ToBeVisibleAsync();
        await Frame(page);
        var before = await SwipePixels(page);

        await DragDivider(page, 0.45f);

        Assert.NotEqual(before, await SwipePixels(page));
        await handle.PressAsync("ArrowRight");
        await Expect(handle).ToHaveAttributeAsync("aria-valuenow", "47");
    }

    [Fact]
    public async Task Reload_AfterManyChoices_ShowsTheSame()
    {
        var page = await OpenAsync(TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        await page.Locator("#sort").SelectOptionAsync("highest-1");
        var image = (await ScoresAsync(page, $"maps:{Small.Spilling.Id}")).OrderByDescending(score => score.Miou).ElementAt(2).Image;
        await Expect(GridImages(page).Nth(2)).ToHaveTextAsync(image);
        await page.Locator(".images a").Nth(2).ClickAsync();
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(image);
        await ExpectDrawn(page, panes: 3);
        await page.GetByRole(AriaRole.Button, new() { Name = "Errors" }).ClickAsync();
        await page.Locator("[data-control=opacity]").FillAsync("85");
        await MoveSlider(page, 1, 0.62);
        await page.Locator("[data-part=classes] button").First.ClickAsync();
        await page.Locator("[data-pane=\"0\"] canvas").PressAsync("+");
        await page.Locator("[data-pane=\"0\"] canvas").PressAsync("ArrowRight");
        await Expect(page).ToHaveURLAsync(new Regex("(?=.*mode=errors)(?=.*opacity=85)(?=.*t=,0.62)(?=.*hide=)(?=.*zoom=1.25)(?=.*sort=highest-1)(?=.*image=" + image + ")"));
        await ExpectDrawn(page, panes: 3);
        var before = (await Iou(page, 1), await Pixels(page, 0), await Pixels(page, 1), await page.Locator("#viewer-title").InnerTextAsync());

        await page.ReloadAsync();
        await ExpectDrawn(page, panes: 3);

        await Expect(page.Locator("#sort")).ToHaveValueAsync("highest-1");
        await Expect(page.Locator("[data-mode=errors]")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Locator(Part(1, "threshold"))).ToHaveTextAsync("0.62");
        Assert.Equal(before, (await Iou(page, 1), await Pixels(page, 0), await Pixels(page, 1), await page.Locator("#viewer-title").InnerTextAsync()));
    }

    /// <summary>What the browser counts is what the server counts, at the run's threshold and at another.</summary>
    [Fact]
    public async Task Iou_OfTheImage_IsTheServers()
    {
        var page = await OpenAsync($"{TwoRunsAndTruth},masks:{Small.Masks.Id}");
        await ExpectDrawn(page, panes: 4);
        foreach (var threshold in new double?[] { null, 0.5 })
        {
            if (threshold is not null)
                await MoveSlider(page, 1, threshold.Value);
            var image = await page.Locator("#viewer-title").InnerTextAsync();
            foreach (var (pane, source) in new[] { (1, $"maps:{Small.Spilling.Id}"), (3, $"masks:{Small.Masks.Id}") })
            {
                var answer = await page.APIRequest.GetAsync($"/api/compare/{source}/scores{(threshold is null ? "" : "?threshold=0.5")}");
                var scores = (await answer.JsonAsync())!.Value;
                var expected = scores.GetProperty("images").EnumerateArray().Single(entry => entry.GetProperty("id").GetString() == image).GetProperty("miou").GetDouble();
                await Expect(page.Locator(Part(pane, "iou"))).ToHaveTextAsync((100 * expected).ToString("F2", CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public async Task Slider_OnLargeMaps_DrawsWithinTheFrame()
    {
        // As many pixels as an image of PASCAL VOC, four sources.
        var large = new FabricatedComparison(dashboard.Data, "large", images: 3, size: 434);
        var page = await OpenAsync($"compare?sources=maps:{large.Near.Id},maps:{large.Spilling.Id},masks:{large.Masks.Id},truth&tied=1");
        await ExpectDrawn(page, panes: 4);
        await page.EvaluateAsync("() => void (window.compareLatency.length = 0)");

        var slider = page.Locator(Part(0, "slider"));
        await slider.FocusAsync();
        for (var i = 0; i < 40; i++)
            await page.Keyboard.PressAsync(i < 20 ? "ArrowRight" : "ArrowLeft");
        var box = (await slider.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + box.Width * 0.3f, box.Y + box.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width * 0.7f, box.Y + box.Height / 2, new() { Steps = 60 });
        await page.Mouse.UpAsync();
        await Frame(page);

        var frames = await page.EvaluateAsync<double[]>("compareLatency.map(entry => entry.frame)");
        var drawing = await page.EvaluateAsync<double[]>("compareLatency.map(entry => entry.drawing)");
        // A busy browser makes one event of several movements of the mouse, but of every key one.
        Assert.True(frames.Length >= 40, $"{frames.Length} events were measured");
        Report("slider event to drawn frame", frames);
        Report("drawing alone", drawing);
    }

    [Fact]
    public async Task Pointer_OverAPane_TellsEverySourcesValueAndZoomsAllPanes()
    {
        var sample = Small.Samples[0];
        var page = await OpenAsync($"{TwoRunsAndTruth}&image={sample.Id}");
        await ExpectDrawn(page, panes: 3);
        var box = (await page.Locator("[data-pane=\"0\"] canvas").BoundingBoxAsync())!;
        var truth = ImageFile.ReadLabels(sample.MaskPath!);
        var pixel = Array.FindIndex(truth.Labels, label => label is not (0 or LabelMap.Ignore));
        var (x, y) = (pixel % truth.Width, pixel / truth.Width);
        var maps = SoftCamFile.Read(SoftCamFile.PathOf(Small.Near.Cams, sample.Id));

        await page.Mouse.MoveAsync(box.X + box.Width * (x + 0.5f) / truth.Width, box.Y + box.Height * (y + 0.5f) / truth.Height);

        var value = maps.Maps[pixel].ToString("F2", CultureInfo.InvariantCulture);
        await Expect(page.Locator(Part(0, "value"))).ToContainTextAsync($"{Small.Labels[maps.Classes[0] + 1]} {value}");
        await Expect(page.Locator(Part(2, "value"))).ToHaveTextAsync(Small.Labels[truth.Labels[pixel]]);

        var other = await Pixels(page, 1);
        await page.Mouse.WheelAsync(0, -400);
        await Expect(page).ToHaveURLAsync(new Regex("zoom="));
        await Frame(page);
        Assert.NotEqual(other, await Pixels(page, 1));
        // The wheel zooms where the pointer is: it still points at the same pixel.
        await Expect(page.Locator(Part(0, "value"))).ToContainTextAsync(value);
        await page.Mouse.DblClickAsync(box.X + 5, box.Y + 5);
        await Expect(page).ToHaveURLAsync(new Regex("^((?!zoom=).)*$"));
        await page.Mouse.MoveAsync(0, 0);
        await Expect(page.Locator(Part(0, "value"))).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Pane_OfADamagedFile_SaysSoAndTheOthersGoOn()
    {
        var damaged = Small.Samples[7].Id;
        var path = SoftCamFile.PathOf(Small.Spilling.Cams, damaged);
        var page = await OpenAsync(TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        var whole = File.ReadAllBytes(path);
        try
        {
            File.WriteAllBytes(path, whole[..1000]);
            await page.GotoAsync($"/{TwoRunsAndTruth}&image={damaged}");
            await ExpectDrawn(page, panes: 3);

            await Expect(page.Locator(Part(1, "problem"))).ToHaveTextAsync("The file of soft maps is cut off.");
            await Expect(page.Locator(Part(0, "problem"))).ToBeEmptyAsync();
        }
        finally
        {
            File.WriteAllBytes(path, whole);
        }
    }

    [Fact]
    public async Task Page_LightAndDark_FitsTheScreen()
    {
        foreach (var (width, dark) in new[] { (1280, false), (1280, true), (390, false), (390, true) })
        {
            foreach (var (name, query) in new[] { ("compare", ""), ("compare-errors", "&mode=errors&opacity=90"), ("compare-swipe", "&swipe=1&mode=heat") })
            {
                var page = await OpenAsync(TwoRunsAndTruth + query, width, dark);
                await ExpectDrawn(page, panes: 3);
                await Expect(page.Locator("td button").First).ToBeVisibleAsync();
                await LoadThumbnails(page);
                await Chromium.ScreenshotAsync(page, $"{name}-{width}-{(dark ? "dark" : "light")}");
                Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at {width} px");
                await page.Context.CloseAsync();
                _pages.Remove(page);
            }
        }
    }

    [Fact]
    public async Task Page_WithoutAnythingChosen_ComparesTheNewestRunsWithTheTruth()
    {
        _ = Small;
        var page = await OpenAsync("");
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();

        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(3);
        await Expect(page).ToHaveURLAsync(new Regex(@"/compare\?sources=[^/]*truth"));
    }

    [Fact]
    public async Task Links_OfARunAndOfTheLeaderboard_OpenTheComparison()
    {
        var page = await OpenAsync($"runs/{Small.Near.Id}");
        await page.Locator(".page-head").GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await ExpectDrawn(page, panes: 2);
        await Expect(page.Locator("[data-pane=\"0\"] .name")).ToHaveTextAsync("CAM maps · near world");

        await page.GotoAsync("/leaderboard");
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare the best" }).First.ClickAsync();
        await Expect(page.Locator("[data-pane=\"1\"]")).ToBeVisibleAsync();
    }

    /// <summary>A zero-shot run's similarity maps were never swept: their slider begins where they are best.</summary>
    [Fact]
    public async Task Slider_OfMapsWithoutASweep_BeginsAtTheirBestThreshold()
    {
        var page = await OpenAsync($"compare?sources=maps:{Small.Masks.Id},truth");
        await ExpectDrawn(page, panes: 2);

        var scores = (await (await page.APIRequest.GetAsync($"/api/compare/maps:{Small.Masks.Id}/scores")).JsonAsync())!.Value;
        var best = scores.GetProperty("threshold").GetDouble();
        await Expect(page.Locator(Part(0, "threshold"))).ToHaveTextAsync(best.ToString("0.00#", CultureInfo.InvariantCulture));
        await Expect(page.Locator(Part(0, "miou"))).ToHaveTextAsync((100 * scores.GetProperty("miou").GetDouble()).ToString("F2", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Page_OfADeletedRun_SaysSoAndOffersOthers()
    {
        _ = Small;
        var page = await OpenAsync("compare?sources=maps:nosuch,truth");

        await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("None of the chosen runs");
        await Expect(page.Locator("#source-0 option").Filter(new() { HasText = "near world" })).ToHaveCountAsync(1);
    }

    private async Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false)
    {
        var page = await dashboard.OpenAsync(path, width, dark, _errors.Enqueue);
        _pages.Add(page);
        return page;
    }

    /// <summary>Printed, kept, not asserted: a busy machine is no fault.</summary>
    private void Report(string what, double[] milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        double At(double fraction) => sorted[(int)Math.Round(fraction * (sorted.Length - 1))];
        var sentence = $"{what}, 4 sources of 434x434, {sorted.Length} events: p50 {At(0.5):0.0} ms, p95 {At(0.95):0.0} ms, worst {sorted[^1]:0.0} ms";
        output.WriteLine(sentence);
        Console.WriteLine(sentence);
        File.WriteAllText(Path.Combine(Chromium.Artifacts, $"compare-{what.Split(' ')[0]}.json"), JsonSerializer.Serialize(new { Events = sorted.Length, P50 = At(0.5), P95 = At(0.95), Worst = sorted[^1] }));
    }
}
