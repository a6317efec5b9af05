using System.Text.RegularExpressions;
using Dashboard.Tests.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The comparison page in a real browser, fed by runs whose every event the test writes.</summary>
public sealed class ComparisonTests(RunPageFixture dashboard) : BrowserTests<RunPageFixture>(dashboard), IClassFixture<RunPageFixture>
{
    [Fact]
    public async Task Page_Ablation_ShowsNumbersCurvesAndMapsBesideTheBaselines()
    {
        using var baseline = Finished(null, 0.3281, 0.48);
        using var first = Finished("OTM", 0.3122, 0.55, baseline.Folder.Id, "ablation-test-1");
        using var second = Finished("OTM+BTM", 0.4472, 0.33, baseline.Folder.Id, "ablation-test-1");
        using var third = Dashboard.NewRun("OTM+BTM+REG", baseline: baseline.Folder.Id, group: "ablation-test-1");
        third.Train(60);

        foreach (var width in new[] { 1280, 390 })
        {
            var page = await OpenAsync("compare/runs?group=ablation-test-1", width);
            await Expect(page.Locator("h1")).ToHaveTextAsync("Ablation");
            var rows = page.GetByRole(AriaRole.Region, new() { Name = "Measured" }).Locator("tbody tr");
            await Expect(rows.Locator("th a")).ToHaveTextAsync(["CAM baseline", "OTM", "OTM+BTM", "OTM+BTM+REG"]);
            await Expect(rows.Nth(0)).ToContainTextAsync("32.81");
            await Expect(rows.Nth(1)).ToContainTextAsync("−1.59");
            await Expect(rows.Nth(2)).ToContainTextAsync("+11.91");
            await Expect(rows.Nth(2)).ToContainTextAsync("33.00"); // false activation
            await Expect(rows.Nth(2).Locator("strong.best")).ToHaveTextAsync("44.72");
            // On a phone the state stands below the name, and the numbers beside it.
            await Expect(rows.Nth(3).Locator(width < 720 ? "th .narrow" : ".state-running"))
                .ToContainTextAsync("running", new() { IgnoreCase = true });
            await rows.Nth(2).Locator("th").ScrollIntoViewIfNeededAsync();
            await Expect(rows.Nth(2).GetByText("44.72")).ToBeInViewportAsync();
            await Expect(page.Locator("[data-group='loss term/OTM'] .u-over")).ToBeVisibleAsync();
            await Expect(page.Locator("[data-group='loss term/OTM'] .label")).ToHaveTextAsync(["OTM", "OTM+BTM", "OTM+BTM+REG"]);
            await Expect(Maps(page).Locator("tbody tr")).ToHaveCountAsync(8); // four images of two classes each
            await Expect(Maps(page).Locator("tbody tr").First.Locator("img")).ToHaveCountAsync(2 + 4);
            await Maps(page).ScrollIntoViewIfNeededAsync();
            await Chromium.ScreenshotsAsync(page, "comparison");
        }
    }

    [Fact]
    public async Task Page_LiveRun_TakesNumbersAndMapsWithoutReload()
    {
        using var first = Finished("done", 0.3);
        using var second = Dashboard.NewRun("live");
        second.Train(30);
        var page = await OpenAsync($"compare/runs?run={first.Folder.Id}&run={second.Folder.Id}");
        var maps = Maps(page).Locator("tbody tr").First;
        await Expect(maps.Locator("img")).ToHaveCountAsync(3);
        await Expect(Maps(page).Locator("thead")).ToContainTextAsync("no snapshot yet");

        second.Train(70);
        await Expect(maps.Locator("img")).ToHaveCountAsync(4);
        await Expect(Maps(page).Locator("thead")).ToContainTextAsync("epoch 2");
        await Expect(maps.Locator("img").Last)
            .ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex($"{second.Folder.Id}/files/snapshots/epoch-0002/"));
        second.Evaluate(0.4321);
        second.Finish();

        var measured = page.GetByRole(AriaRole.Region, new() { Name = "Measured" }).Locator("tbody tr").Nth(1);
        await Expect(measured).ToContainTextAsync("43.21");
        await Expect(measured.Locator(".state-finished")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-group=loss] [data-part=note]")).ToHaveTextAsync("300 of 300 points");
    }

    [Fact]
    public async Task Maps_ClassKindAndLargePicture_StandInTheAddress()
    {
        using var first = Finished("one", 0.3);
        using var second = Finished("two", 0.31);
        var page = await OpenAsync($"compare/runs?run={first.Folder.Id}&run={second.Folder.Id}");

        await page.GetByLabel("Class").SelectOptionAsync("boat");
        await Expect(page).ToHaveURLAsync(new Regex("class=boat"));
        await Expect(Maps(page).Locator("tbody tr b")).ToHaveTextAsync(["boat", "boat", "boat"]);
        await Maps(page).Locator("tbody tr a").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("open="));
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).Locator("figcaption")).ToHaveTextAsync(["Image", "Truth", "one", "two"]);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Close" })).ToBeFocusedAsync();
        await Chromium.ScreenshotAsync(page, "comparison-large", fullPage: false);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await Maps(page).Locator("select").First.SelectOptionAsync("mask");
        await Expect(Maps(page).Locator("tbody tr")).ToHaveCountAsync(4);
        await Expect(Maps(page).Locator("tbody img.labels")).ToHaveCountAsync(4 * 3); // truth and two label maps
    }

    [Fact]
    public async Task Options_OnlyDiffering_UnlessAllAreWanted()
    {
        using var first = Finished("first seed", 0.3);
        var other = FinishedRuns.Write(Dashboard.Data, "20260101-010101-cam-other", name: "other", day: 3, epochs: 9);
        var page = await OpenAsync($"compare/runs?run={first.Folder.Id}&run={other.Id}");
        var options = page.GetByRole(AriaRole.Region, new() { Name = "Options" });
        await Expect(options.Locator("tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "epochs", Exact = true }) }))
            .ToContainTextAsync("9");
        await Expect(options.GetByRole(AriaRole.Rowheader, new() { Name = "method", Exact = true })).ToHaveCountAsync(0);

        await options.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await Expect(options.GetByRole(AriaRole.Rowheader, new() { Name = "method", Exact = true })).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("options=all"));
    }

    /// <summary>Zoomed in one, zoomed in all; Escape shows the whole picture first, and closes the view then.</summary>
    [Fact]
    public async Task Picture_Large_IsZoomedWithTheOthers()
    {
        using var run = Finished("zoomed", 0.3);
        using var other = Finished("beside", 0.31);
        var page = await OpenAsync($"compare/runs?run={run.Folder.Id}&run={other.Folder.Id}");
        await Maps(page).Locator("tbody tr a").First.ClickAsync();
        var frames = page.GetByRole(AriaRole.Dialog).Locator(".frame");
        await Expect(frames).ToHaveCountAsync(4);
        // Inert until its script answers: what cannot have the focus yet would let it go.
        await Expect(page.Locator(".zoomed[inert]")).ToHaveCountAsync(0);
        await frames.First.FocusAsync();
        await page.Keyboard.PressAsync("+");
        await Expect(frames.Last.Locator("img")).ToHaveAttributeAsync("style", new Regex("scale\\(1.25\\)"));
        await page.Keyboard.PressAsync("Escape");
        await Expect(frames.Last.Locator("img")).Not.ToHaveAttributeAsync("style", new Regex("scale"));
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Page_NothingToShow_SaysWhatToDo()
    {
        using var run = Dashboard.NewRun("alone");
        var nothing = await OpenAsync("compare/runs");
        await Expect(nothing.GetByText("Tick two to eight runs")).ToBeVisibleAsync();
        var gone = await OpenAsync("compare/runs?group=ablation-gone");
        await Expect(gone.GetByText("No run belongs to ablation-gone")).ToBeVisibleAsync();
        var unknown = await OpenAsync($"compare/runs?run={run.Folder.Id}&run=nosuch");
        await Expect(unknown.GetByText("there is no such run: nosuch")).ToBeVisibleAsync();
        await Expect(unknown.GetByText("The runs have no snapshot yet")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Runs_SelectedTwo_AreCompared()
    {
        using var first = Finished("left one", 0.3, group: "ablation-test-2");
        using var second = Finished("right one", 0.31);
        var page = await OpenAsync("");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "ablation-test-2" }))
            .ToHaveAttributeAsync("href", "compare/runs?group=ablation-test-2");

        await page.GetByLabel("Select left one for comparison").CheckAsync();
        await page.GetByLabel("Select right one for comparison").CheckAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Compare runs", Exact = true }).ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("Comparison");
        await Expect(page.Locator("tbody th a").GetByText("one")).ToHaveTextAsync(["left one", "right one"]);
    }

    /// <summary>
    /// A zero-shot run has neither a best nor a fixed threshold: its number stands all the same, and is not ranked against the others.
    /// </summary>
    [Fact]
    public async Task Page_MasksWithoutAThreshold_ShowTheirNumberAndLeadToTheImages()
    {
        var world = await new FabricatedComparison(Dashboard.Data, "beside", images: 2, size: 48).FoundAsync(Dashboard.Address);
        var page = await OpenAsync($"compare/runs?run={world.Near.Id}&run={world.Masks.Id}");
        var measured = page.GetByRole(AriaRole.Region, new() { Name = "Measured" });
        await Expect(measured.Locator("tbody tr").Filter(new() { HasText = "masks beside" }))
            .ToContainTextAsync(new Regex(@"\d\d\.\d\d\s*no threshold"));
        await Expect(measured).ToContainTextAsync("different protocols");

        await page.GetByRole(AriaRole.Link, new() { Name = "Compare image by image" }).ClickAsync();

        await Expect(page.Locator("#source-1 option:checked")).ToContainTextAsync("masks beside");
    }

    /// <summary>Runs of an older program do not tell which world they were measured on: only their folder does.</summary>
    [Fact]
    public async Task Page_OldRunsOnTwoWorlds_ShareAProtocolOnlyWithinAWorld()
    {
        var east = await new FabricatedComparison(Dashboard.Data, "east", images: 2, size: 48).FoundAsync(Dashboard.Address);
        var west = await new FabricatedComparison(Dashboard.Data, "west", images: 2, size: 48).FoundAsync(Dashboard.Address);
        var page = await OpenAsync($"compare/runs?run={east.Near.Id}&run={west.Near.Id}");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Measured" })).ToContainTextAsync("different protocols");

        await page.GotoAsync($"/compare/runs?run={east.Near.Id}&run={east.Spilling.Id}");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Measured" }))
            .ToContainTextAsync("Measured under one protocol: seed CAM · Co-occurrence world (of east)");
    }

    private static ILocator Maps(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Activation maps of the same images" });

    private FabricatedRun Finished(string? name, double miou, double? falseActivation = null, string? baseline = null, string? group = null)
    {
        var run = Dashboard.NewRun(name, baseline: baseline, group: group);
        run.Train(200);
        run.Evaluate(miou, falseActivation);
        run.Finish();
        return run;
    }
}
