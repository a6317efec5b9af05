using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Dashboard.Tests.EndToEnd.ComparePage;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The Compare page over as many images as PASCAL VOC has to segment: what is on the page stays small.</summary>
public sealed class CompareManyImagesTests(RunPageFixture dashboard, ITestOutputHelper output) : IClassFixture<RunPageFixture>
{
    private const int Images = 1500;
    private const int PageSize = 24;

    [Fact]
    public async Task Grid_Of1500Images_IsPagedLazySortedAndLinked()
    {
        var world = await new FabricatedComparison(dashboard.Data, "many", Images, size: 32).FoundAsync(dashboard.Address);
        var sources = $"maps:{world.Near.Id},maps:{world.Spilling.Id}";
        var errors = new ConcurrentQueue<string>();
        var thumbnails = new ConcurrentQueue<string>();
        var page = await dashboard.OpenAsync("not-found", 1280, dark: false, errors.Enqueue);
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("/thumbnails/", StringComparison.Ordinal))
                thumbnails.Enqueue(request.Url);
        };

        // Opened: one page of images.
        await page.GotoAsync($"/compare/masks?sources={sources}");
        await ExpectDrawn(page, panes: 2);
        await Expect(page.Locator(".pages")).ToContainTextAsync("1–24 of 1,500");
        await Expect(page.Locator(".images li")).ToHaveCountAsync(PageSize);
        await ReportFirstThumbnails(page, "at the first visit, which scores one of the sources");

        // The greatest differences of all images, in the order of the API's scores.
        var differences = ByDifference(await ScoresAsync(page, $"maps:{world.Near.Id}"), await ScoresAsync(page, $"maps:{world.Spilling.Id}"));
        Assert.Equal(Images, differences.Count);
        await page.Locator("#sort").SelectOptionAsync("difference-0-1");
        await ExpectPage(page, differences, 1);

        // The last page.
        await page.Locator("#grid-page").FillAsync("63");
        await page.Locator("#grid-page").PressAsync("Enter");
        await ExpectPage(page, differences, 63);
        await Expect(page.Locator(".pages")).ToContainTextAsync("1,489–1,500 of 1,500");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Later" })).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Earlier" }).ClickAsync();
        await ExpectPage(page, differences, 62);

        // Four pages were shown: no thumbnail of another image was asked for.
        Assert.InRange(thumbnails.Count, 1, 4 * 2 * PageSize);

        // A link to an image opens it, and the page of the grid that it is on.
        var linked = differences[1400 - 1].Image;
        await page.GotoAsync($"/compare/masks?sources={sources}&sort=difference-0-1&image={linked}");
        await ExpectDrawn(page, panes: 2);
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(linked);
        await Expect(page.Locator(".viewer")).ToContainTextAsync("1,400 of 1,500");
        await ExpectPage(page, differences, 59);
        await ReportFirstThumbnails(page, "at a later visit");
        await Expect(page.Locator(".images .chosen")).ToContainTextAsync(linked);

        await page.Context.CloseAsync();
        await ExpectLazyThumbnails(sources, errors.Enqueue);
        Assert.Empty(errors);
    }

    /// <summary>On a phone the panes fill the screen: the grid's end is far below, and is asked for only when one goes there.</summary>
    private async Task ExpectLazyThumbnails(string sources, Action<string> onError)
    {
        var page = await dashboard.OpenAsync($"compare/masks?sources={sources},truth", 390, dark: false, onError);
        await ExpectDrawn(page, panes: 3);
        var last = page.Locator(".images img").Last;
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        Assert.Equal(0, await last.EvaluateAsync<int>("image => image.naturalWidth"));
        await last.ScrollIntoViewIfNeededAsync();
        await Expect(last).ToHaveJSPropertyAsync("naturalWidth", 32);
        await page.Context.CloseAsync();
    }

    private static async Task ExpectPage(IPage page, IReadOnlyList<(string Image, double Difference)> differences, int number)
    {
        var shown = differences.Skip((number - 1) * PageSize).Take(PageSize).ToList();
        await Expect(GridImages(page)).ToHaveTextAsync(shown.Select(image => image.Image));
        await Expect(GridKeys(page)).ToHaveTextAsync(shown.Select(image => Points(image.Difference)));
        await Expect(page.Locator("#grid-page")).ToHaveValueAsync($"{number}");
    }

    /// <summary>Printed, not asserted: a busy machine is not a fault.</summary>
    private async Task ReportFirstThumbnails(IPage page, string when)
    {
        await page.Locator(".images img").First.ScrollIntoViewIfNeededAsync();
        await page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').some(entry => entry.name.includes('/thumbnails/'))");
        var first =
            await page.EvaluateAsync<double>(
                "() => Math.min(...performance.getEntriesByType('resource').filter(entry => entry.name.includes('/thumbnails/')).map(entry => "
                + "entry.responseEnd))");
        var sentence = $"{Images} images, two sources: first thumbnail {first:0} ms after opening {when}";
        output.WriteLine(sentence);
        Console.WriteLine(sentence);
    }
}
