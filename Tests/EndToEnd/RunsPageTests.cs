using System.Text.RegularExpressions;
using Dashboard.Backend.Runs;
using Dashboard.Tests.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>What is done to runs on their page: to one and to many, with what depends on them.</summary>
public sealed class RunsPageTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    /// <summary>The refusal lies over the page: the next click of the same pointer meets the same row.</summary>
    [Fact]
    public async Task Delete_OfARunThatOthersStartFrom_IsRefusedAndMovesNoRow()
    {
        var baseline = Finish("20260301-000000-cam-used", "used baseline").Id;
        Finish("20260302-000000-clims-user", "its user", input: baseline);
        var page = await dashboard.OpenAsync("/?q=use");
        var row = Row(page, "used baseline");
        var delete = row.GetByRole(AriaRole.Button, new() { Name = "Delete used baseline" });
        var before = await delete.BoundingBoxAsync();
        await delete.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "used baseline cannot be deleted: its user starts from it." }))
            .ToBeVisibleAsync();
        var after = await delete.BoundingBoxAsync();
        Assert.Equal((before!.X, before.Y), (after!.X, after.Y));
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Delete_OfSeveral_TakesDependantsAlongAndRefusesWithoutThem()
    {
        var baseline = Finish("20260303-000000-cam-many", "many baseline").Id;
        Finish("20260304-000000-cam-free", "many free");
        Finish("20260305-000000-clims-many", "many user", input: baseline);
        var page = await dashboard.OpenAsync("/?q=many");
        await page.GetByLabel("Select many baseline for comparison").CheckAsync();
        await page.GetByLabel("Select many free for comparison").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete 2 runs" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "many baseline is needed by many user." })).ToBeVisibleAsync();

        await page.GetByLabel("Select all on this page").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete 3 runs" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("many user starts from many baseline.");
        // Enter right after the click that asked does no harm.
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Keep" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(3);

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete 3 runs" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete 3", Exact = true }).ClickAsync();
        await Expect(page.GetByText("No run matches")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Selection_Made_MovesNoRow()
    {
        Finish("20260306-000000-cam-still", "still one");
        var page = await dashboard.OpenAsync("/?q=still");
        var row = Row(page, "still one");
        var before = await row.BoundingBoxAsync();
        await page.GetByLabel("Select still one for comparison").CheckAsync();
        await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();

        var after = await row.BoundingBoxAsync();
        Assert.Equal((before!.Y, before.Height, 36f), (after!.Y, after.Height, after.Height));
        await page.Context.CloseAsync();
    }

    /// <summary>A checkpoint that does not exist is not promised.</summary>
    [Fact]
    public async Task Stop_OfAQueuedRun_PromisesNoCheckpoint()
    {
        List<string> runs = [];
        foreach (var name in new[] { "held in the way", "behind it" })
        {
            var launch = await dashboard.OpenAsync($"/new?name={name.Replace(' ', '+')}");
            runs.Add(await RealProgramFixture.LaunchAsync(launch, "cam"));
            await launch.Context.CloseAsync();
        }
        var page = await dashboard.OpenAsync("/");
        await Expect(Row(page, "behind it")).ToContainTextAsync("place 1 on cpu");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop behind it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("It has not begun");
        await Expect(page.GetByRole(AriaRole.Dialog)).Not.ToContainTextAsync("checkpoint");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop run" }).ClickAsync();
        await Expect(Row(page, "behind it").Locator(".state-cancelled")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
        CountingMethod.LetGo(dashboard.Server.Data.Run(runs[0]));
    }

    [Fact]
    public async Task Failure_OfManyLines_IsOneLineInItsRow()
    {
        using (var run = new FabricatedRun(dashboard.Server.Data, "20260307-000000-cam-dump", "long dump").Start())
            run.Report(
                new Domain.Runs.RunFailed(
                    string.Join(
                        '\n', Enumerable.Range(0, 40).Select(i => $"line {i} of a dump that torch prints, far longer than a column is wide"))));
        var page = await dashboard.OpenAsync("/?q=dump");
        var row = Row(page, "long dump");
        await Expect(row).ToContainTextAsync("line 0 of a dump");
        await Expect(row).Not.ToContainTextAsync("line 1 of a dump");
        Assert.Equal(36, (await row.BoundingBoxAsync())!.Height);
        // The rest of it stays within reach, and the page as wide as the window.
        var (cell, details) = ((await row.Locator(".state").First.BoundingBoxAsync())!, (await row.Locator(".details").BoundingBoxAsync())!);
        Assert.InRange(details.X + details.Width, cell.X, cell.X + cell.Width);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Columns_Hidden_StayHiddenInTheAddress()
    {
        Finish("20260308-000000-cam-wide", "wide one");
        var page = await dashboard.OpenAsync("/?q=wide");
        await page.GetByText("Columns").ClickAsync();
        await page.GetByLabel("Loss", new() { Exact = true }).UncheckAsync();
        await Expect(page).ToHaveURLAsync(new Regex("hide=loss"));
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Loss" })).ToBeHiddenAsync();
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "mIoU" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Columnheader, new() { Name = "Loss" })).ToBeHiddenAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>By the keyboard, by dragging, in the address, and in this browser the next time.</summary>
    [Fact]
    public async Task Columns_ResizedAndPinned_AreRememberedByTheBrowser()
    {
        Finish("20260309-000000-cam-pinned", "pinned one");
        var page = await dashboard.OpenAsync("/?q=pinned");
        var (state, name) = (page.Locator("th.state"), page.Locator("th.name"));
        var edge = page.GetByRole(AriaRole.Separator, new() { Name = "Width of State" });
        await edge.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page).ToHaveURLAsync(new Regex("widths=state:224"));
        Assert.Equal(224, (await state.BoundingBoxAsync())!.Width);

        var box = (await page.GetByRole(AriaRole.Separator, new() { Name = "Width of Run" }).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 5, box.Y + 10);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 405, box.Y + 10, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page).ToHaveURLAsync(new Regex("widths=state:224,name:[67]"));

        await page.GetByText("Columns").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pin Run" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("pin=name"));
        await Expect(page.Locator("[data-pinned=name]")).ToBeVisibleAsync();
        var (before, pinned) = ((await state.BoundingBoxAsync())!.X, (await name.BoundingBoxAsync())!.X);
        await page.Locator(".rows").EvaluateAsync("rows => rows.scrollLeft = 200");
        Assert.Equal(before - 200, (await state.BoundingBoxAsync())!.X);
        Assert.Equal(pinned, (await name.BoundingBoxAsync())!.X);

        await page.GotoAsync("/?q=pinned one");
        await Expect(page).ToHaveURLAsync(new Regex("pin=name"));
        await Expect(edge).ToHaveAttributeAsync("aria-valuenow", "224");
        await page.GetByText("Columns").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset", Exact = true }).ClickAsync();
        await Expect(page).Not.ToHaveURLAsync(new Regex("pin=|widths="));
        await page.GotoAsync("/?q=pinned");
        await Expect(edge).ToHaveAttributeAsync("aria-valuenow", "216");
        await page.Context.CloseAsync();
    }

    /// <summary>By the keyboard; in the address, and in this browser the next time. What is folded is not selected with the rest.</summary>
    [Fact]
    public async Task Group_Folded_IsOneRowAndStaysSo()
    {
        const string group = "ablation-20260310-000000-abcd";
        FinishedRuns.Write(dashboard.Server.Data, "20260310-000000-cam-fold", name: "folding one", group: group, miou: 0.2);
        FinishedRuns.Write(dashboard.Server.Data, "20260311-000000-cam-fold", name: "folding two", group: group, miou: 0.4);
        Finish("20260312-000000-cam-fold", "folding alone");
        var page = await dashboard.OpenAsync("/?q=folding");
        var head = page.GetByRole(AriaRole.Button, new() { Name = "Ablation" });
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);
        await head.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(page).ToHaveURLAsync(new Regex($"fold={group}"));
        await Expect(head).ToBeFocusedAsync();
        await Expect(head).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(page.Locator("tbody .group")).ToContainTextAsync(new Regex("2 runs.*2 finished.*30.00.*mean, 20.00 to 40.00", RegexOptions.Singleline));
        await page.GetByLabel("Select all on this page").CheckAsync();
        await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();

        await page.GotoAsync("/?q=folding");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Button, new() { Name = "Unfold all groups on this page" }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(4);
        await Expect(page).Not.ToHaveURLAsync(new Regex("fold="));
        await page.GotoAsync("/?q=folding");
        await Expect(head).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Context.CloseAsync();
    }

    private static ILocator Row(IPage page, string title) => page.Locator("tbody tr").Filter(new() { HasText = title });

    private RunFolder Finish(string id, string name, string? input = null) =>
        FinishedRuns.Write(dashboard.Server.Data, id, name: name, method: input is null ? "cam" : "clims", dataset: "cooccurrence", input: input);
}
