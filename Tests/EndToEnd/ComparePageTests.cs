using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Dashboard.Tests.EndToEnd.ComparePage;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// The Compare page in a real browser, over finished runs whose maps the test has written: what is chosen, the grid of images, the address.
/// </summary>
[Collection(ComparePageCollection.Name)]
public sealed class ComparePageTests(ComparePageFixture dashboard) : BrowserTests<ComparePageFixture>(dashboard)
{
    [Fact]
    public async Task Page_WithoutAnythingChosen_ComparesTheNewestRunsWithTheTruth()
    {
        var page = await OpenAsync("");
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();

        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(3);
        await Expect(page).ToHaveURLAsync(new Regex(@"/compare\?sources=[^/]*truth"));
    }

    [Fact]
    public async Task Links_OfARunAndOfTheLeaderboard_OpenTheComparison()
    {
        var page = await OpenAsync($"runs/{Dashboard.Small.Near.Id}");
        await page.Locator(".identity").GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await ExpectDrawn(page, panes: 2);
        await Expect(page.Locator("[data-pane=\"0\"] .name")).ToHaveTextAsync("CAM maps · near world");

        await page.GotoAsync("/leaderboard");
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare the best" }).First.ClickAsync();
        await Expect(page.Locator("[data-pane=\"1\"]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Page_OfADeletedRun_SaysSoAndOffersOthers()
    {
        var page = await OpenAsync("compare?sources=maps:nosuch,truth");

        await Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("None of the chosen runs");
        await Expect(page.Locator("#source-0 option").Filter(new() { HasText = "near world" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Sort_ByDifference_AndAClassAndACell_ShowTheirImages()
    {
        var page = await OpenAsync(Dashboard.TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        await page.Locator("#sort").SelectOptionAsync("difference-1-0");
        var differences =
            ByDifference(await ScoresAsync(page, $"maps:{Dashboard.Small.Spilling.Id}"), await ScoresAsync(page, $"maps:{Dashboard.Small.Near.Id}"));
        await Expect(GridImages(page)).ToHaveTextAsync(differences.Take(24).Select(difference => difference.Image));
        await Expect(GridKeys(page)).ToHaveTextAsync(differences.Take(24).Select(difference => Points(difference.Difference)));

        await page.Locator("#sort").SelectOptionAsync("disagreement-0-1");
        await Expect(GridKeys(page).First).ToContainTextAsync("% differ");
        await page.Locator("#sort").SelectOptionAsync("");

        var cell = page.GetByTitle(new Regex($"^background taken for {Dashboard.Small.Labels[Dashboard.Small.Samples[0].Tags[0] + 1]}:"));
        await cell.ClickAsync();
        await Expect(page.Locator(".cell"))
            .ToContainTextAsync($"background taken for {Dashboard.Small.Labels[Dashboard.Small.Samples[0].Tags[0] + 1]} by A");
        await Expect(GridKeys(page).First).ToContainTextAsync("pixels");
        var pixels = (await GridKeys(page).AllInnerTextsAsync()).Select(text =>
            long.Parse(text.Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToList();
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
    public async Task Reload_AfterManyChoices_ShowsTheSame()
    {
        var page = await OpenAsync(Dashboard.TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        await page.Locator("#sort").SelectOptionAsync("highest-1");
        var image = (await ScoresAsync(page, $"maps:{Dashboard.Small.Spilling.Id}")).OrderByDescending(score => score.Miou).ElementAt(2).Image;
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
        await Expect(page)
            .ToHaveURLAsync(
            new Regex("(?=.*mode=errors)(?=.*opacity=85)(?=.*t=,0.62)(?=.*hide=)(?=.*zoom=1.25)(?=.*sort=highest-1)(?=.*image=" + image + ")"));
        await ExpectDrawn(page, panes: 3);
        var before = (await Iou(page, 1), await Pixels(page, 0), await Pixels(page, 1), await page.Locator("#viewer-title").InnerTextAsync());

        await page.ReloadAsync();
        await ExpectDrawn(page, panes: 3);

        await Expect(page.Locator("#sort")).ToHaveValueAsync("highest-1");
        await Expect(page.Locator("[data-mode=errors]")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Locator(Part(1, "threshold"))).ToHaveTextAsync("0.62");
        Assert.Equal(
            before, (await Iou(page, 1), await Pixels(page, 0), await Pixels(page, 1), await page.Locator("#viewer-title").InnerTextAsync()));
    }

    [Fact]
    public async Task Page_LightAndDark_FitsTheScreen()
    {
        foreach (var (width, dark) in new[] { (1280, false), (1280, true), (390, false), (390, true) })
        {
            foreach (var (name, query) in new[] { ("compare", ""), ("compare-errors", "&mode=errors&opacity=90"),
                ("compare-swipe", "&swipe=1&mode=heat") })
            {
                var page = await OpenAsync(Dashboard.TwoRunsAndTruth + query, width, dark);
                await ExpectDrawn(page, panes: 3);
                await Expect(page.Locator("td button").First).ToBeVisibleAsync();
                await LoadThumbnails(page);
                await Chromium.ScreenshotAsync(page, $"{name}-{width}-{(dark ? "dark" : "light")}");
                Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                    $"{name} scrolls sideways at {width} px");
                await page.Context.CloseAsync();
            }
        }
    }
}
