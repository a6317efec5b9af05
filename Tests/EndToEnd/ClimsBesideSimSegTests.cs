using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Dashboard.Tests.EndToEnd.ComparePage;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// A CLIMS run beside a SimSeg run and the truth: launched, computed, measured and compared by the real program, nothing fabricated.
/// </summary>
[Collection(LaunchedRunsCollection.Name)]
public sealed class ClimsBesideSimSegTests(LaunchedRunsFixture dashboard)
{
    private const int Images = LaunchedRunsFixture.Images;

    /// <summary>At which the shown image scores otherwise than at first.</summary>
    private double _threshold;

    private string Threshold => _threshold.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task Compare_ClimsSimSegAndTruth_ThresholdSwipeSortCellAndReload()
    {
        var (clims, simSeg) = ($"maps:{await dashboard.ClimsAsync()}", $"masks:{await dashboard.ZeroShotAsync()}");
        var page = await OpenAsync(clims, simSeg);

        _threshold = await AnotherThresholdAsync(page, clims);
        await MoveTheThreshold(page);
        var differences = ByDifference(await ScoresAsync(page, clims, _threshold), await ScoresAsync(page, simSeg));
        Assert.Equal(Images, differences.Count);
        await SortByDifference(page, differences);
        await OpenAConfusionCell(page, clims);
        await Swipe(page);
        await Reload(page);

        foreach (var width in new[] { 1280, 390 })
        {
            var shown = await dashboard.OpenAsync($"/compare/masks?sources={clims},{simSeg},truth&sort=difference-1-0", width);
            await ExpectDrawn(shown, panes: 3);
            await Expect(shown.Locator("td button").First).ToBeVisibleAsync();
            await LoadThumbnails(shown);
            await Chromium.ScreenshotsAsync(shown, "clims-beside-simseg");
            await shown.Context.CloseAsync();
        }
    }

    /// <summary>From the page of the CLIMS run, whose link lays it beside its baseline: SimSeg takes the baseline's place.</summary>
    private async Task<IPage> OpenAsync(string clims, string simSeg)
    {
        var page = await dashboard.OpenAsync($"/runs/{clims["maps:".Length..]}");
        await page.Locator(".identity").GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await ExpectDrawn(page, panes: 3);
        await page.Locator("#source-1").SelectOptionAsync(simSeg);
        foreach (var (pane, name) in new[] { (0, LaunchedRunsFixture.ClimsName), (1, LaunchedRunsFixture.ZeroShotName), (2, "Ground truth") })
            await Expect(page.Locator($"[data-pane=\"{pane}\"] .name")).ToHaveTextAsync(new Regex($"{name}$"));
        await ExpectDrawn(page, panes: 3);
        await Expect(page.Locator(".page-head")).ToContainTextAsync($"{Images} images");
        return page;
    }

    /// <summary>A network that has hardly trained has other maps on every processor; two thresholds may give the shown image one score.</summary>
    private static async Task<double> AnotherThresholdAsync(IPage page, string clims)
    {
        var (shown, iou) = (await page.Locator("#viewer-title").InnerTextAsync(), await Iou(page, 0));
        foreach (var threshold in (double[])[0.7, 0.3, 0.9, 0.1, 0.5])
        {
            var score = (await ScoresAsync(page, clims, threshold)).Single(image => image.Image == shown).Miou;
            if ((100 * score).ToString("0.00", CultureInfo.InvariantCulture) != iou)
                return threshold;
        }
        throw new InvalidOperationException($"{shown} scores {iou} at every threshold.");
    }

    private async Task MoveTheThreshold(IPage page)
    {
        var (iou, miou, pixels) = (await Iou(page, 0), await page.Locator(Part(0, "miou")).InnerTextAsync(), await Pixels(page, 0));
        var (otherIou, otherPixels) = (await Iou(page, 1), await Pixels(page, 1));
        await dashboard.Server.WhileFrozenAsync(async () =>
        {
            await MoveSlider(page, 0, _threshold);
            await Expect(page.Locator(Part(0, "threshold"))).ToHaveTextAsync(_threshold.ToString("0.00", CultureInfo.InvariantCulture));
            await Expect(page.Locator(Part(0, "iou"))).Not.ToHaveTextAsync(iou);
            await Expect(page.Locator(Part(0, "miou"))).Not.ToHaveTextAsync(miou);
            Assert.NotEqual(pixels, await Pixels(page, 0));
            Assert.Equal((otherIou, otherPixels), (await Iou(page, 1), await Pixels(page, 1)));
        });
    }

    private static async Task SortByDifference(IPage page, IReadOnlyList<(string Image, double Difference)> differences)
    {
        await page.Locator("#sort").SelectOptionAsync("difference-0-1");
        await Expect(GridImages(page)).ToHaveTextAsync(differences.Take(24).Select(image => image.Image));
        await Expect(GridKeys(page)).ToHaveTextAsync(differences.Take(24).Select(image => Points(image.Difference)));
    }

    /// <summary>The mistake that CLIMS makes most often, and the image in which it makes it most.</summary>
    private async Task OpenAConfusionCell(IPage page, string source)
    {
        var matrix = await JsonAsync(page, $"/api/compare/{source}/confusion?threshold={Threshold}");
        var labels = matrix.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!).ToList();
        var (truth, prediction) = Enumerable.Range(0, labels.Count).SelectMany(t =>
            Enumerable.Range(0, labels.Count).Select(p => (Truth: t, Prediction: p)))
            .Where(cell => cell.Truth != cell.Prediction)
            .MaxBy(cell => matrix.GetProperty("pixels")[cell.Truth][cell.Prediction].GetInt64());
        var images = (await JsonAsync(page, $"/api/compare/{source}/confusion/{truth}/{prediction}?threshold={Threshold}")).EnumerateArray()
            .Select(image => (Id: image.GetProperty("id").GetString()!, Pixels: image.GetProperty("pixels").GetInt64())).ToList();

        await page.GetByTitle(new Regex($"^{labels[truth]} taken for {labels[prediction]}:")).ClickAsync();

        await Expect(page.Locator(".cell")).ToContainTextAsync($"{labels[truth]} taken for {labels[prediction]} by A");
        await Expect(GridImages(page)).ToHaveTextAsync(images.Take(24).Select(image => image.Id));
        await Expect(GridKeys(page))
            .ToHaveTextAsync(images.Take(24).Select(image => $"{image.Pixels.ToString("N0", CultureInfo.InvariantCulture)}"));
        await Expect(page.Locator(".pages")).ToContainTextAsync($"of {images.Count}");
        Assert.True(images.Min(image => image.Pixels) > 0);
        await page.Locator(".images a").First.ClickAsync();
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(images[0].Id);
        // By then the panes have been brought into view, and nothing scrolls any more.
        await Expect(page).ToHaveURLAsync(new Regex($"image={images[0].Id}(&|$)"));
        await ExpectDrawn(page, panes: 3);
    }

    private static async Task Swipe(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Swipe" }).ClickAsync();
        await Expect(page.Locator(".stage canvas")).ToBeVisibleAsync();
        await Frame(page);
        var before = await SwipePixels(page);
        await DragDivider(page, 0.3f);
        Assert.NotEqual(before, await SwipePixels(page));
    }

    private async Task Reload(IPage page)
    {
        await Expect(page).ToHaveURLAsync(
            new Regex($@"(?=.*[?&]t={Regex.Escape(Threshold)},)(?=.*swipe=1)(?=.*divider=30(&|$))(?=.*cell=\d+-\d+)(?=.*image=)"));
        // The mouse has left a cross behind.
        await page.Mouse.MoveAsync(0, 0);
        await Frame(page);
        var before = await View(page);
        await page.ReloadAsync();
        await ExpectDrawn(page, panes: 3);
        await Expect(page.Locator(".cell")).ToBeVisibleAsync();
        await Frame(page);
        Assert.Equal(before, await View(page));
    }

    private static async Task<string> View(IPage page) => string.Join('\n', [
        await page.Locator("#viewer-title").InnerTextAsync(),
        await Iou(page, 0),
        await Iou(page, 1),
        await page.Locator(Part(0, "threshold")).InnerTextAsync(),
        await page.Locator(Part(0, "miou")).InnerTextAsync(),
        $"{await SwipePixels(page)}",
        await page.Locator(".cell").InnerTextAsync(),
        await page.Locator(".pages").InnerTextAsync(),
        .. await GridImages(page).AllInnerTextsAsync(),
        .. await GridKeys(page).AllInnerTextsAsync(),
    ]);

    private static async Task<JsonElement> JsonAsync(IPage page, string address) =>
        (await (await page.APIRequest.GetAsync(address)).JsonAsync())!.Value;
}
