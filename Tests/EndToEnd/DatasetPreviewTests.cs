using System.Net;
using System.Text.RegularExpressions;
using System.Net.Http.Json;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Coco;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// The preview of a data set, from registering a folder to looking at what was read, in a real browser against a real dashboard process.
/// </summary>
public sealed class DatasetPreviewTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Preview_OfARegisteredCocoFolder_ShowsWhatWasRead()
    {
        using var folder = Folder("toys");
        PaintedCoco.Write(folder, 48);
        var page = await dashboard.OpenAsync("/datasets");
        await page.GetByLabel("Name").FillAsync("toys");
        await page.GetByLabel("Folder on this machine").FillAsync(folder.Path);
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "See what was read" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("/datasets/toys\\?view=preview$"));
        var pictures = page.Locator(".pictures img");
        await Expect(pictures).ToHaveCountAsync(5);
        for (var i = 0; i < 5; i++)
        {
            await pictures.Nth(i).ScrollIntoViewIfNeededAsync();
            await page.WaitForFunctionAsync("i => document.querySelectorAll('.pictures img')[i].naturalWidth > 0", i);
        }
        var train = page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "train", Exact = true }) });
        await Expect(train).ToContainTextAsync("48");
        await Expect(train).ToContainTextAsync("180×240 to 320×240");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "3 classes" })).ToBeVisibleAsync();
        // The kite is in no image.
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "kite" })).ToContainTextAsync("0.0 %");
        await Expect(page.GetByText("Nothing was skipped")).ToBeVisibleAsync();

        await pictures.First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("000000000000");
    }

    [Fact]
    public async Task Preview_WithFaults_NamesWhatWasSkipped()
    {
        using var folder = Folder("faulty");
        var coco = SmallCoco.CatsAndDogs().Image(1, "a.jpg").Image(2, "gone.jpg").Annotation(1, 17, SmallCoco.Box(0, 0, 6, 8)).Annotation(9, 17,
            SmallCoco.Box(0, 0, 6, 8));
        coco.Write(folder, "annotations/instances_train.json", "train");
        File.Delete(folder.File("train/gone.jpg"));
        var page = await PreviewAsync(folder);
        var rows = page.Locator("section[aria-labelledby=skipped] tbody tr");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.Filter(new() { HasText = "train/gone.jpg" })).ToContainTextAsync("is missing");
        await Expect(rows.Filter(new() { HasText = "annotations/instances_train.json" })).ToContainTextAsync("the image 9, which it does not list");
    }

    [Fact]
    public async Task Preview_WithoutAnyImageOrDataSet_SaysSo()
    {
        using var folder = Folder("empty");
        SmallCoco.CatsAndDogs().Image(1, "a.jpg").Write(folder, "annotations/instances_train.json", "deep/elsewhere");
        var page = await PreviewAsync(folder);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No image was read" })).ToBeVisibleAsync();
        await Expect(page.Locator(".empty")).ToContainTextAsync("none of them lies in");

        // Damaged after it was registered: the restarted dashboard cannot open it.
        folder.Write("annotations/instances_train.json", "{\"images\": [");
        await dashboard.Server.StopAsync();
        await dashboard.Server.StartAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "instances_train.json is not valid JSON at byte 12" }))
            .ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task Preview_FitsEveryWindow(int width)
    {
        using var folder = Folder($"fits-{width}");
        PaintedCoco.Write(folder, 12);
        folder.Write("annotations/instances_test.json",
            "{\"images\": [{\"id\": 1, \"file_name\": \"none.jpg\"}], \"categories\": [{\"id\": 1, \"name\": \"ball\"}]}");
        var page = await PreviewAsync(folder, width);
        await Expect(page.Locator(".pictures img")).ToHaveCountAsync(5);
        await page.Locator("section[aria-labelledby=skipped]").ScrollIntoViewIfNeededAsync();
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.pictures img')].every(image => image.naturalWidth > 0)");
        await Expect(page.Locator("section[aria-labelledby=skipped]")).ToContainTextAsync("has a split, test, that cannot be read");
        await page.EvaluateAsync("() => scrollTo(0, 0)");
        // Tables scroll by themselves, the page does not.
        await Chromium.ScreenshotsAsync(page, "dataset-preview");
    }

    private async Task<IPage> PreviewAsync(TempFolder folder, int width = 1280)
    {
        var name = Path.GetFileName(folder.Path);
        using var client = new HttpClient { BaseAddress = new Uri(dashboard.Server.Address) };
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsJsonAsync("/api/datasets", new { name, path = folder.Path })).StatusCode);
        return await dashboard.OpenAsync($"/datasets/{name}?view=preview", width);
    }

    private TempFolder Folder(string name) => new(Path.Combine(dashboard.Server.Data.Path, "datasets", name));
}
