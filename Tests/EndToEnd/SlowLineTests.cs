using System.Text.RegularExpressions;
using Dashboard.Domain.Runs;
using Microsoft.Playwright;
using static Dashboard.Tests.EndToEnd.ComparePage;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// Pages at the far end of a slow line: whatever is done before the answer to the last click is there is not lost, and harms nothing.
/// </summary>
public sealed class SlowLineTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(250);

    /// <summary>As a person types: while the answers to the first letters arrive.</summary>
    private static readonly LocatorPressSequentiallyOptions Typing = new() { Delay = 100 };

    [Fact]
    public async Task Runs_TwoTickedQuickly_AreBothSelected()
    {
        FinishTwoRuns("tick");
        var page = await OpenAsync("/");
        await page.GetByLabel("Select tick one for comparison").CheckAsync();
        await page.GetByLabel("Select tick two for comparison").CheckAsync();

        await Expect(page.GetByText("2 selected")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Select tick one for comparison")).ToBeCheckedAsync();
        await Expect(page.GetByLabel("Select tick two for comparison")).ToBeCheckedAsync();
        await Expect(page).ToHaveURLAsync(new Regex("with=[^,]*-one,[^,]*-two"));
    }

    [Fact]
    public async Task Runs_FiltersChosenAndTextTypedQuickly_AreAllApplied()
    {
        FinishTwoRuns("filter");
        var page = await OpenAsync("/");
        var (text, state, method) = (page.GetByPlaceholder("Find by name"), page.Locator(".filters select").First,
            page.GetByRole(AriaRole.Combobox, new() { Name = "Method" }));
        await text.PressSequentiallyAsync("filter one", Typing);
        await state.SelectOptionAsync("Finished");
        await method.SelectOptionAsync("cam");

        await Expect(page).ToHaveURLAsync(new Regex(@"(?=.*[?&]q=filter(\+|%20)one(&|$))(?=.*state=finished)(?=.*method=cam)"));
        await Expect(page.Locator("tbody .name a")).ToHaveTextAsync(["filter one"]);
        await Expect(text).ToHaveValueAsync("filter one");
        await Expect(state).ToHaveValueAsync("Finished");
        await Expect(method).ToHaveValueAsync("cam");
    }

    [Fact]
    public async Task NewRun_OptionsEnteredQuickly_AreAllKept()
    {
        var page = await OpenAsync("/new?groups=open");
        // Longer than the heading needs to get the focus: it must not take it away again.
        await page.Locator("#name").PressSequentiallyAsync("quick hands", Typing);
        await page.Locator("#option-epochs").FillAsync("7");
        await page.Locator("#seed").FillAsync("5");
        await page.Locator("#option-batchSize").FillAsync("3");
        await page.Locator("#option-batchSize").BlurAsync();

        await Expect(page.Locator("pre").First)
            .ToHaveTextAsync(new Regex("(?=.*--seed 5)(?=.*--name 'quick hands')(?=.*--set epochs=7)(?=.*--set batchSize=3)"));
        await Expect(page).ToHaveURLAsync(new Regex(@"(?=.*name=quick)(?=.*seed=5)(?=.*set=epochs%3D7)(?=.*set=batchSize%3D3)"));
        await Expect(page.Locator("#name")).ToHaveValueAsync("quick hands");
        await Expect(page.Locator("#option-epochs")).ToHaveValueAsync("7");
    }

    [Fact]
    public async Task NewRun_OptionSoughtByName_IsFoundByAllItsLetters()
    {
        var page = await OpenAsync("/new");
        var find = page.GetByLabel("Find an option");
        await find.PressSequentiallyAsync("weight decay", Typing);

        await Expect(page).ToHaveURLAsync(new Regex(@"find=weight(\+|%20)decay"));
        await Expect(find).ToHaveValueAsync("weight decay");
    }

    [Fact]
    public async Task NewRun_OptionAndPromptTyped_LoseNoLetter()
    {
        var page = await OpenAsync("/new?method=clims&preset=builtin&dataset=cooccurrence&groups=open");
        var (template, words) = (page.Locator("#option-promptTemplate"), page.GetByLabel("Words of train"));
        await template.FillAsync("");
        await template.PressSequentiallyAsync("a view of {}", Typing);
        await words.PressSequentiallyAsync("locomotive", Typing);
        await words.BlurAsync();

        await Expect(page.Locator("pre").First).ToContainTextAsync("--set 'promptTemplate=a view of {}' --set classWords=train=locomotive");
        await Expect(template).ToHaveValueAsync("a view of {}");
        await Expect(words).ToHaveValueAsync("locomotive");
    }

    [Fact]
    public async Task NewRun_LaunchClickedTwice_LaunchesOneRun()
    {
        var page = await OpenAsync("/new?name=only+one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).DblClickAsync(new() { Delay = 150 });
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[^/]*-cam-"));

        await page.GetByRole(AriaRole.Link, new() { Name = "Runs", Exact = true }).ClickAsync();
        await ExpectNothingUnderway(page);
        await Expect(page.Locator("tbody .name a").GetByText("only one")).ToHaveCountAsync(1);
    }

    /// <summary>The second click finds the first one's work under way.</summary>
    [Fact]
    public async Task NewRun_AblationClickedTwice_AsksOnce()
    {
        var page = await OpenAsync("/new?method=clims&preset=builtin&dataset=cooccurrence");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the ablation: 4 runs" }).DblClickAsync(new() { Delay = 150 });
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Runs_ResumeClickedTwice_ResumesWithoutAComplaint()
    {
        using (var run = new FabricatedRun(dashboard.Server.Data, "20260103-000000-cam-again", "again").Start())
            run.Report(new RunFailed("The disk was full."));
        var page = await OpenAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume again" }).DblClickAsync(new() { Delay = 150 });
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "again" }).Locator(".state-finished")).ToBeVisibleAsync();
        await Expect(page.Locator(".mud-alert-filled-error, .notice.error")).ToHaveCountAsync(0);
    }

    /// <summary>The stretch's points come when the whole curve is wanted again.</summary>
    [Fact]
    public async Task Charts_ZoomedInAndOutAtOnce_ShowTheWholeCurve()
    {
        using var run = new FabricatedRun(dashboard.Server.Data, "20260103-000000-cam-zoom").Start();
        run.Train(40);
        run.Finish();
        var page = await OpenAsync("/runs/20260103-000000-cam-zoom?tab=curves");
        var (note, plot) = (page.Locator("[data-group=loss] [data-part=note]"), page.Locator("[data-group=loss] .plot"));
        await Expect(note).ToHaveTextAsync("40 of 40 points");
        await plot.PressAsync("+");
        await plot.PressAsync("Escape");
        await ExpectNothingUnderway(page);
        await Expect(note).ToHaveTextAsync("40 of 40 points");
    }

    /// <summary>The button stands there before the module that it works by.</summary>
    [Fact]
    public async Task Run_PausedAsSoonAsThatCanBe_IsPaused()
    {
        using var run = new FabricatedRun(dashboard.Server.Data, "20260103-000000-cam-early", "early").Start();
        run.Train(50);
        var page = await OpenAsync($"/runs/{run.Folder.Id}?tab=curves");
        var charts = page.Locator("[data-charts]");
        await charts.Locator("[data-control=pause]").ClickAsync();

        await Expect(charts.Locator("[data-control=pause]")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task Compare_ChosenQuickly_AllStandsInTheAddress()
    {
        var world = await new FabricatedComparison(dashboard.Server.Data, "quick", images: 6, size: 48).FoundAsync(dashboard.Server.Address);
        var page = await OpenAsync($"/compare/masks?sources=maps:{world.Near.Id},maps:{world.Spilling.Id},truth");
        await ExpectDrawn(page, panes: 3);
        var name = world.Labels[world.Samples[0].Tags[0] + 1];
        await MoveSlider(page, 0, 0.6);
        await page.Locator("#sort").SelectOptionAsync("highest-1");
        await page.Locator("#grid-class").SelectOptionAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Errors" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($"(?=.*t=0.6,)(?=.*sort=highest-1)(?=.*class={name})(?=.*mode=errors)"));
        await Expect(page.Locator("#sort")).ToHaveValueAsync("highest-1");
        await Expect(page.Locator("#grid-class")).ToHaveValueAsync(name);
    }

    /// <summary>The page is left while its answers are under way: none of them reaches the next one.</summary>
    [Fact]
    public async Task Compare_LeftAtOnce_LeavesTheNextPageAlone()
    {
        var world = await new FabricatedComparison(dashboard.Server.Data, "left", images: 40, size: 96).FoundAsync(dashboard.Server.Address);
        var page = await OpenAsync($"/compare/masks?sources=maps:{world.Near.Id},maps:{world.Spilling.Id},truth");
        await ExpectDrawn(page, panes: 3);
        await MoveSlider(page, 0, 0.6);
        await page.Locator("#sort").SelectOptionAsync("disagreement-0-1");
        await ExpectNextPageUndisturbed(page);
    }

    /// <summary>Another source is on its way when the old panes are still there.</summary>
    [Fact]
    public async Task Compare_KeyAndSliderWhileSourcesChange_DoNotStopThePage()
    {
        var world = await new FabricatedComparison(dashboard.Server.Data, "change", images: 6, size: 48).FoundAsync(dashboard.Server.Address);
        var page = await OpenAsync($"/compare/masks?sources=maps:{world.Near.Id},truth");
        var errors = Errors(page);
        await ExpectDrawn(page, panes: 2);
        await page.Locator("#source-add").SelectOptionAsync($"maps:{world.Spilling.Id}");
        await page.Keyboard.PressAsync("Tab");
        await MoveSlider(page, 0, 0.6);
        await page.Keyboard.PressAsync("n");
        await ExpectDrawn(page, panes: 3);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Try_ChosenQuickly_AllStandsInTheAddress()
    {
        var page = await OpenTryAsync();
        await page.Locator("#classes").FillAsync("sheep, boat");
        await page.Locator("#option-crf").CheckAsync();
        await page.Locator("#factor").PressAsync("ArrowLeft");

        await Expect(page).ToHaveURLAsync(new Regex("(?=.*classes=sheep,)(?=.*set=crf)(?=.*factor=0.99)"));
        await Expect(page.Locator(".bars .row")).ToHaveCountAsync(2);
        await Expect(page.Locator("#classes")).ToHaveValueAsync("sheep, boat");
        await Expect(page.Locator("#option-crf")).ToBeCheckedAsync();
    }

    [Fact]
    public async Task Try_LeftWithNamesJustTyped_LeavesTheNextPageAlone()
    {
        var page = await OpenTryAsync();
        await page.Locator("#factor").PressAsync("ArrowLeft");
        await page.Locator("#classes").FillAsync("sheep, boat");
        await ExpectNextPageUndisturbed(page);
    }

    [Fact]
    public async Task Try_LeftBeforeItHasLoaded_LeavesTheNextPageAlone()
    {
        var page = await OpenAsync("/models");
        await page.GetByRole(AriaRole.Link, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Try it");
        await ExpectNextPageUndisturbed(page);
    }

    /// <summary>The page starts over, and at once the way back is taken.</summary>
    [Fact]
    public async Task Try_ForthAndBackAtOnce_ShowsWhatTheAddressSays()
    {
        var page = await OpenTryAsync("&classes=sheep,+boat&factor=-0.5");
        var errors = Errors(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Try it" }).ClickAsync();
        await page.GoBackAsync();

        await Expect(page).ToHaveURLAsync(new Regex("image=val_000014"));
        await ExpectNothingUnderway(page);
        await Expect(page.Locator("[data-part=title]")).ToHaveTextAsync("val_000014");
        await Expect(page.Locator("[data-state=shown]")).ToBeVisibleAsync();
        await Expect(page.Locator("#classes")).ToHaveValueAsync("sheep, boat");
        await Expect(page.Locator("[data-part=factor]")).ToHaveTextAsync("-0.50");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Try_FactorMovedAndBegunAnew_IsForgotten()
    {
        var page = await OpenTryAsync();
        await page.Locator("#factor").PressAsync("ArrowLeft");
        await page.GetByRole(AriaRole.Link, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Pick an image" })).ToBeVisibleAsync();
        await ExpectNothingUnderway(page);
        await Expect(page).ToHaveURLAsync(new Regex("/try$"));
    }

    private Task<IPage> OpenAsync(string path) => dashboard.OpenAsync(path, delay: Delay);

    private async Task<IPage> OpenTryAsync(string query = "")
    {
        var page = await OpenAsync($"/try?split=val&image=val_000014{query}");
        await Expect(page.Locator("[data-part=view][data-state=shown]")).ToBeVisibleAsync();
        await Expect(page.Locator(".strip img").First).ToBeVisibleAsync();
        return page;
    }

    /// <summary>A menu link is clicked: its page works, and its address is its own.</summary>
    private static async Task ExpectNextPageUndisturbed(IPage page)
    {
        var errors = Errors(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Data sets" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Data sets");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        await Expect(page.GetByText("path: give the folder.")).ToBeVisibleAsync();
        await ExpectNothingUnderway(page);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Data sets");
        Assert.Equal("/datasets", new Uri(page.Url).PathAndQuery);
        Assert.Empty(errors);
    }

    /// <summary>Longer than what was sent or planned before needs to arrive: messages do not overtake each other.</summary>
    private static Task ExpectNothingUnderway(IPage page) =>
        page.EvaluateAsync("delay => new Promise(done => setTimeout(done, delay))", 6 * Delay.TotalMilliseconds);

    private static List<string> Errors(IPage page)
    {
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        return errors;
    }

    /// <summary>"NAME one" and "NAME two".</summary>
    private void FinishTwoRuns(string name)
    {
        foreach (var which in new[] { "one", "two" })
            new FabricatedRun(dashboard.Server.Data, $"20260103-000000-cam-{name}-{which}", $"{name} {which}").Start().Finish();
    }
}
