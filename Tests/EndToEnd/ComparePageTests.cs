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
        await Expect(page).ToHaveURLAsync(new Regex(@"/compare/masks\?sources=[^/]*truth"));
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
        var page = await OpenAsync("compare/masks?sources=maps:nosuch,truth");

        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "None of the chosen runs" })).ToBeVisibleAsync();
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
        await Expect(GridKeys(page).First).ToContainTextAsync("%");
        await page.Locator("#sort").SelectOptionAsync("");

        var cell = page.GetByTitle(new Regex($"^background taken for {Dashboard.Small.Labels[Dashboard.Small.Samples[0].Tags[0] + 1]}:"));
        await cell.ClickAsync();
        await Expect(page.Locator(".cell"))
            .ToContainTextAsync($"background taken for {Dashboard.Small.Labels[Dashboard.Small.Samples[0].Tags[0] + 1]} by A");
        await Expect(GridKeys(page).First).ToHaveTextAsync(new Regex(@"^[\d,]+$"));
        var pixels = (await GridKeys(page).AllInnerTextsAsync()).Select(text =>
            long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(pixels.OrderDescending(), pixels);

        // The first of them in the panes, then the next by key.
        var first = await GridImages(page).First.InnerTextAsync();
        await page.Locator(".images a").First.ClickAsync();
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(first);
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("#viewer-title")).Not.ToHaveTextAsync(first);
        await page.Keyboard.PressAsync("k");
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

    /// <summary>By hand alone: another layer, one source, two in turn, the divider; and whoever types keeps the keys.</summary>
    [Fact]
    public async Task Keys_OfTheWorkbench_ChangeWhatIsSeen()
    {
        var page = await OpenAsync(Dashboard.TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        var corners = page.Locator("[data-part=corner]");

        await page.Keyboard.PressAsync("2");
        await Expect(corners).ToHaveTextAsync([new Regex(@"^B \d+\.\d\d$"), new Regex("^$")]);
        await page.Keyboard.PressAsync("Space");
        await Expect(corners.First).ToHaveTextAsync(new Regex("^A "));
        await page.Keyboard.PressAsync("Space");
        await Expect(corners.First).ToHaveTextAsync(new Regex("^B "));
        await page.Keyboard.PressAsync("x");
        await Expect(corners).ToHaveTextAsync([new Regex("^A "), new Regex("^B ")]);
        await Expect(page.GetByRole(AriaRole.Slider, new() { Name = "Divider" })).ToBeVisibleAsync();
        await Expect(page.Locator(Part(1, "iou"))).ToBeVisibleAsync();
        await Expect(page.Locator(Part(1, "slider"))).ToBeInViewportAsync();
        await page.Keyboard.PressAsync("e");
        await Expect(page.Locator("[data-mode=errors]")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page).ToHaveURLAsync(new Regex("(?=.*mode=errors)(?=.*swipe=1)"));

        await page.Locator("#grid-page").FocusAsync();
        await page.Keyboard.PressAsync("l");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("[data-pane=\"0\"] canvas")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-mode=errors]")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task Back_AfterSortImageAndCell_UndoesThemOneByOneAndKeepsTheSliders()
    {
        var page = await OpenAsync(Dashboard.TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        var first = await page.Locator("#viewer-title").InnerTextAsync();
        await page.Locator("#sort").SelectOptionAsync("highest-1");
        await Expect(page).ToHaveURLAsync(new Regex("sort=highest-1"));
        await page.Keyboard.PressAsync("Tab");
        await page.Locator(".images a").Nth(5).ClickAsync();
        await Expect(page.Locator("#viewer-title")).Not.ToHaveTextAsync(first);
        var second = await page.Locator("#viewer-title").InnerTextAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"image={second}"));
        await page.GetByTitle(new Regex("^background taken for background:")).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("cell=0-0"));
        await ExpectDrawn(page, panes: 3);
        await MoveSlider(page, 0, 0.6);
        await Expect(page).ToHaveURLAsync(new Regex("t=0.6,"));

        await page.GoBackAsync();
        await Expect(page.Locator(".cell")).ToHaveCountAsync(0);
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(second);
        await page.GoBackAsync();
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(first);
        await Expect(page.Locator("#sort")).ToHaveValueAsync("highest-1");
        await page.GoBackAsync();
        await Expect(page.Locator("#sort")).ToHaveValueAsync("");
        await Expect(page.Locator(Part(0, "threshold"))).ToHaveTextAsync("0.60");
        await Expect(page).ToHaveURLAsync(new Regex("t=0.6,"));
        await page.GoForwardAsync();
        await Expect(page.Locator("#sort")).ToHaveValueAsync("highest-1");
    }

    /// <summary>A class that is picked out stays so for the next image and in the address.</summary>
    [Fact]
    public async Task Class_PickedOut_IsPressedDrawnAndKept()
    {
        var name = Dashboard.Small.Labels[Dashboard.Small.Samples[0].Tags[0] + 1];
        var page = await OpenAsync($"{Dashboard.TwoRunsAndTruth}&image={Dashboard.Small.Samples[0].Id}");
        await ExpectDrawn(page, panes: 3);
        await Expect(page.Locator($"[data-select=\"{name}\"]")).ToBeVisibleAsync();
        var before = await Pixels(page, 2);

        await page.Locator($"[data-select=\"{name}\"]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"select={name}"));
        await Frame(page);
        Assert.NotEqual(before, await Pixels(page, 2));
        await page.ReloadAsync();
        await Expect(page.Locator($"[data-select=\"{name}\"]")).ToHaveAttributeAsync("aria-pressed", "true");

        await page.GetByLabel("Image", new() { Exact = true }).CheckAsync();
        await Expect(page.Locator("[data-image-iou=\"0/mean\"]")).ToHaveTextAsync(new Regex(@"^\d+\.\d$"));
    }

    [Theory]
    [InlineData("compare?sources=truth,maps:{0}&image=a%2Fb", "/compare/masks?sources=truth,maps:{0}&image=a%2Fb")]
    [InlineData("comparison?run={0}&run=other", "/compare/runs?run={0}&run=other")]
    public async Task OldAddress_WithItsQuery_LeadsToThePageOfToday(string old, string today)
    {
        var (from, to) = (string.Format(CultureInfo.InvariantCulture, old, Dashboard.Small.Near.Id),
            string.Format(CultureInfo.InvariantCulture, today, Dashboard.Small.Near.Id));
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var answer = await client.GetAsync($"{Dashboard.Address}/{from}");
        Assert.Equal((System.Net.HttpStatusCode.MovedPermanently, to), (answer.StatusCode, answer.Headers.Location!.OriginalString));

        // A link inside a page never asks the server.
        var page = await OpenAsync("models");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Models");
        await page.EvaluateAsync("address => Blazor.navigateTo(address)", from);
        await Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(to.Split('?')[0])));
        await Expect(page.Locator("h1")).ToHaveTextAsync(new Regex("^Compar"));
    }

    /// <summary>Images, pictures, thresholds and tables are seen at once.</summary>
    [Fact]
    public async Task Page_AtADesk_FitsTheWindow()
    {
        foreach (var query in new[] { "", "&swipe=1", "&solo=0" })
        {
            var page = await OpenAsync(Dashboard.TwoRunsAndTruth + query, width: 1440);
            await ExpectDrawn(page, panes: 3);
            await Expect(page.Locator("td button").First).ToBeVisibleAsync();
            Assert.Equal(900, await page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
            await Expect(page.Locator(Part(0, "slider"))).ToBeInViewportAsync(new() { Ratio = 1 });
            await Expect(page.Locator(query == "" ? "[data-pane=\"2\"] canvas" : ".stage canvas")).ToBeInViewportAsync(new() { Ratio = 1 });
            await Chromium.ScreenshotAsync(page, $"compare-desk{query.Replace('&', '-').Replace('=', '-')}", fullPage: false);
        }
    }

    /// <summary>Two by two where the window is high, in a row where it is low, and as somebody has chosen in any.</summary>
    [Fact]
    public async Task Panes_OfFourSources_StandAsTheyAreLargest()
    {
        var page = await OpenAsync($"{Dashboard.TwoRunsAndTruth},masks:{Dashboard.Small.Masks.Id}", width: 1280);
        await page.SetViewportSizeAsync(1280, 1024);
        await ExpectDrawn(page, panes: 4);
        await ExpectColumns(2);
        await page.SetViewportSizeAsync(1600, 700);
        await ExpectColumns(4);

        await page.GetByLabel("Columns").SelectOptionAsync("3");
        await ExpectColumns(3);
        await Expect(page).ToHaveURLAsync(new Regex("columns=3"));
        await page.ReloadAsync();
        await ExpectDrawn(page, panes: 4);
        await ExpectColumns(3);
        await page.GetByLabel("Columns").SelectOptionAsync("auto");
        await Expect(page).Not.ToHaveURLAsync(new Regex("columns="));
        await ExpectColumns(4);

        Task ExpectColumns(int columns) => page.WaitForFunctionAsync(
            "columns => new Set([...document.querySelectorAll('[data-pane]')].map(pane => pane.offsetLeft)).size === columns", columns);
    }

    [Fact]
    public async Task Page_LightAndDark_FitsTheScreen()
    {
        foreach (var width in new[] { 1280, 390 })
        {
            foreach (var (name, query) in new[] { ("compare", ""), ("compare-errors", "&mode=errors&opacity=90"),
                ("compare-swipe", "&swipe=1&mode=heat") })
            {
                var page = await OpenAsync(Dashboard.TwoRunsAndTruth + query, width);
                await ExpectDrawn(page, panes: 3);
                await Expect(page.Locator("td button").First).ToBeVisibleAsync();
                await LoadThumbnails(page);
                await Chromium.ScreenshotsAsync(page, name);
                await page.Context.CloseAsync();
            }
        }
    }
}
