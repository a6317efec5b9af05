using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The Compare page where what it is asked for is gone, or never was.</summary>
public sealed class CompareGoneTests(RunPageFixture dashboard) : IClassFixture<RunPageFixture>, IAsyncLifetime
{
    private readonly List<IPage> _pages = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var page in _pages)
            await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Run_DeletedWhileThePageIsOpen_IsLeftOutAndNamed()
    {
        var world = await new FabricatedComparison(dashboard.Data, "fleeting", images: 6, size: 48).FoundAsync(dashboard.Address);
        var page = await OpenAsync($"compare/masks?sources=maps:{world.Near.Id},maps:{world.Spilling.Id},truth");
        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(3);
        await Expect(page.Locator(".film .images li").First).ToBeVisibleAsync();
        var image = await page.Locator("#viewer-title").InnerTextAsync();

        var answer = await page.APIRequest.DeleteAsync($"/api/runs/{world.Near.Id}");
        Assert.True(answer.Ok, await answer.TextAsync());

        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(2);
        await Expect(page.Locator(".notice.warning")).ToContainTextAsync(world.Near.Id);
        await Expect(page.Locator("#source-0")).ToHaveValueAsync($"maps:{world.Spilling.Id}");
        await Expect(page.Locator("#viewer-title")).ToHaveTextAsync(image);
    }

    [Fact]
    public async Task Address_OfARunThatIsGone_IsNamedInItsPicker()
    {
        _ = await new FabricatedComparison(dashboard.Data, "kept", images: 2, size: 48).FoundAsync(dashboard.Address);
        var page = await OpenAsync("compare/masks?sources=maps:nosuch,truth");
        await Expect(page.Locator("#source-0 option:checked")).ToHaveTextAsync("nosuch (not available)");
        await Expect(page.Locator("#source-1 option:checked")).ToHaveTextAsync("Ground truth");
    }

    /// <summary>With the arrow keys each source on the way to another is chosen.</summary>
    [Fact]
    public async Task Pickers_ChosenInsteadOfARunThatIsGoneAndAdded_KeepTheFocus()
    {
        var world = await new FabricatedComparison(dashboard.Data, "focus", images: 2, size: 48).FoundAsync(dashboard.Address);
        var page = await OpenAsync("compare/masks?sources=maps:nosuch,truth");
        var (first, add) = (page.Locator("#source-0"), page.Locator("#source-add"));
        await Expect(first.Locator($"option[value='maps:{world.Near.Id}']")).ToHaveCountAsync(1);

        await first.FocusAsync();
        await first.SelectOptionAsync($"maps:{world.Near.Id}");
        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(2);
        await Expect(first).ToHaveValueAsync($"maps:{world.Near.Id}");
        await Expect(first).ToBeFocusedAsync();

        await add.FocusAsync();
        await add.SelectOptionAsync($"maps:{world.Spilling.Id}");
        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(3);
        await Expect(add).ToHaveValueAsync("");
        await Expect(add).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Run_FinishedWhileThePageIsOpen_LeavesThePickersAtWhatThePanesShow()
    {
        var world = await new FabricatedComparison(dashboard.Data, "early", images: 2, size: 48).FoundAsync(dashboard.Address);
        var page = await OpenAsync($"compare/masks?sources=maps:{world.Near.Id},maps:{world.Spilling.Id}");
        await Expect(page.Locator("#source-0 option:checked")).ToContainTextAsync("near early");

        var late = await new FabricatedComparison(dashboard.Data, "late", images: 2, size: 48).FoundAsync(dashboard.Address);

        await Expect(page.Locator($"#source-0 option[value='maps:{late.Near.Id}']")).ToHaveCountAsync(1);
        await Expect(page.Locator("#source-0 option:checked")).ToContainTextAsync("near early");
        await Expect(page.Locator("#source-1 option:checked")).ToContainTextAsync("spilling early");
    }

    [Fact]
    public async Task Address_CellAndClassThatAreNone_AreDropped()
    {
        var world = await new FabricatedComparison(dashboard.Data, "sound", images: 3, size: 48).FoundAsync(dashboard.Address);
        var page = await OpenAsync($"compare/masks?sources=maps:{world.Near.Id},truth&cell=99-99&class=nosuch");
        await Expect(page.Locator(".film .images li")).ToHaveCountAsync(3);
        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(2);
        await Expect(page).Not.ToHaveURLAsync(new Regex("cell=|class="));
    }

    /// <summary>A filter that leaves no image leaves the panes: there are images.</summary>
    [Fact]
    public async Task Filter_ThatLeavesNoImage_KeepsThePanes()
    {
        var world = await new FabricatedComparison(dashboard.Data, "sparse", images: 1, size: 48).FoundAsync(dashboard.Address);
        var absent = world.Labels.Skip(1).First(name => !world.Samples[0].Tags.Contains(world.Labels.ToList().IndexOf(name) - 1));
        var page = await OpenAsync($"compare/masks?sources=maps:{world.Near.Id},truth&class={absent}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No image matches" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(2);
    }

    private async Task<IPage> OpenAsync(string path)
    {
        var page = await dashboard.OpenAsync(path, 1280, dark: false, _ => { });
        _pages.Add(page);
        return page;
    }
}
