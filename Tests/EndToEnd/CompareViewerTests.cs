using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Dashboard.Tests.EndToEnd.ComparePage;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The Compare page's panes of one image in a real browser, over finished runs whose maps the test has written.</summary>
[Collection(ComparePageCollection.Name)]
public sealed class CompareViewerTests(ComparePageFixture dashboard, ITestOutputHelper output) : BrowserTests<ComparePageFixture>(dashboard)
{
    [Fact]
    public async Task Threshold_Moved_RedrawsThePaneAndItsIouWithoutTheServer()
    {
        var page = await OpenAsync(Dashboard.TwoRunsAndTruth);
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

    /// <summary>A zero-shot run's similarity maps were never swept: their slider begins where they are best.</summary>
    [Fact]
    public async Task Slider_OfMapsWithoutASweep_BeginsAtTheirBestThreshold()
    {
        var page = await OpenAsync($"compare/masks?sources=maps:{Dashboard.Small.Masks.Id},truth");
        await ExpectDrawn(page, panes: 2);

        var scores = (await (await page.APIRequest.GetAsync($"/api/compare/maps:{Dashboard.Small.Masks.Id}/scores")).JsonAsync())!.Value;
        var best = scores.GetProperty("threshold").GetDouble();
        await Expect(page.Locator(Part(0, "threshold"))).ToHaveTextAsync(best.ToString("0.00#", CultureInfo.InvariantCulture));
        await Expect(page.Locator(Part(0, "miou")))
            .ToHaveTextAsync((100 * scores.GetProperty("miou").GetDouble()).ToString("F2", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Slider_OnLargeMaps_DrawsWithinTheFrame()
    {
        // As many pixels as an image of PASCAL VOC, four sources.
        var large = await new FabricatedComparison(Dashboard.Data, "large", images: 3, size: 434).FoundAsync(Dashboard.Address);
        var page = await OpenAsync($"compare/masks?sources=maps:{large.Near.Id},maps:{large.Spilling.Id},masks:{large.Masks.Id},truth&tied=1");
        await ExpectDrawn(page, panes: 4);
        await page.EvaluateAsync("() => void (window.compareLatency.length = 0)");

        var slider = page.Locator(Part(0, "slider"));
        await slider.FocusAsync();
        for (var i = 0; i < 40; i++)
            await page.Keyboard.PressAsync(i < 20 ? "ArrowRight" : "ArrowLeft");
        await Frame(page);
        var keys = await page.EvaluateAsync<int>("compareLatency.length");
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
        Latency.Report(output, "slider dragged: event to drawn frame, 4 sources of 434x434", frames[keys..], "compare-slider");
        // They come between two frames, and wait for the next.
        Latency.Report(output, "slider moved by keys: event to drawn frame", frames[..keys], "compare-keys");
        Latency.Report(output, "drawing alone, 4 sources of 434x434", drawing, "compare-drawing");
    }

    /// <summary>What the browser counts is what the server counts, at the run's threshold and at another.</summary>
    [Fact]
    public async Task Iou_OfTheImage_IsTheServers()
    {
        var page = await OpenAsync($"{Dashboard.TwoRunsAndTruth},masks:{Dashboard.Small.Masks.Id}");
        await ExpectDrawn(page, panes: 4);
        foreach (var threshold in new double?[] { null, 0.5 })
        {
            if (threshold is not null)
                await MoveSlider(page, 1, threshold.Value);
            var image = await page.Locator("#viewer-title").InnerTextAsync();
            foreach (var (pane, source) in new[] { (1, $"maps:{Dashboard.Small.Spilling.Id}"), (3, $"masks:{Dashboard.Small.Masks.Id}") })
            {
                var answer = await page.APIRequest.GetAsync($"/api/compare/{source}/scores{(threshold is null ? "" : "?threshold=0.5")}");
                var scores = (await answer.JsonAsync())!.Value;
                var expected = scores.GetProperty("images").EnumerateArray().Single(entry =>
                    entry.GetProperty("id").GetString() == image).GetProperty("miou").GetDouble();
                await Expect(page.Locator(Part(pane, "iou"))).ToHaveTextAsync((100 * expected).ToString("F2", CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public async Task Swipe_DividerDragged_ShowsMoreOfTheOtherSource()
    {
        var page = await OpenAsync(Dashboard.TwoRunsAndTruth);
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
    public async Task Pointer_OverAPane_TellsEverySourcesValueAndZoomsAllPanes()
    {
        var sample = Dashboard.Small.Samples[0];
        var page = await OpenAsync($"{Dashboard.TwoRunsAndTruth}&image={sample.Id}");
        await ExpectDrawn(page, panes: 3);
        var box = (await page.Locator("[data-pane=\"0\"] canvas").BoundingBoxAsync())!;
        var truth = ImageFile.ReadLabels(sample.MaskPath!);
        var pixel = Array.FindIndex(truth.Labels, label => label is not (0 or LabelMap.Ignore));
        var (x, y) = (pixel % truth.Width, pixel / truth.Width);
        // The image lies in the middle of its pane.
        var scale = Math.Min(box.Width / truth.Width, box.Height / truth.Height);
        var (left, top) = (box.X + (box.Width - scale * truth.Width) / 2, box.Y + (box.Height - scale * truth.Height) / 2);
        var maps = SoftCamFile.Read(SoftCamFile.PathOf(Dashboard.Small.Near.Cams, sample.Id));

        await page.Mouse.MoveAsync(left + scale * (x + 0.5f), top + scale * (y + 0.5f));

        var value = maps.Maps[pixel].ToString("F2", CultureInfo.InvariantCulture);
        await Expect(page.Locator(Part(0, "value"))).ToContainTextAsync($"{Dashboard.Small.Labels[maps.Classes[0] + 1]} {value}");
        await Expect(page.Locator(Part(2, "value"))).ToHaveTextAsync(Dashboard.Small.Labels[truth.Labels[pixel]]);

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
        var damaged = Dashboard.Small.Samples[7].Id;
        var path = SoftCamFile.PathOf(Dashboard.Small.Spilling.Cams, damaged);
        var page = await OpenAsync(Dashboard.TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        var whole = File.ReadAllBytes(path);
        try
        {
            File.WriteAllBytes(path, whole[..1000]);
            await page.GotoAsync($"/{Dashboard.TwoRunsAndTruth}&image={damaged}");
            await ExpectDrawn(page, panes: 3);

            await Expect(page.Locator(Part(1, "problem"))).ToHaveTextAsync("The file of soft maps is cut off.");
            await Expect(page.Locator(Part(0, "problem"))).ToBeEmptyAsync();
        }
        finally
        {
            File.WriteAllBytes(path, whole);
        }
    }
}
