using System.Text.RegularExpressions;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>Runs that are named, found, told about and shared: the flows in a real browser.</summary>
public sealed class IdentityTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task RunPage_RenamesTagsStarsAndNotes_WhatTheListThenFinds()
    {
        var id = Finish("20260401-000000-cam-iden").Id;
        var page = await dashboard.OpenAsync($"/runs/{id}");
        await Expect(page.Locator("h1")).ToHaveTextAsync("CAM baseline · cooccurrence · seed 0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename" }).ClickAsync();
        await page.GetByLabel("Name of the run").FillAsync("Seeds for the paper");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Seeds for the paper");
        await page.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).ClickAsync();
        await page.GetByLabel("New tag").FillAsync("camera ready");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Star" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add notes" }).ClickAsync();
        await page.GetByLabel("Notes, as Markdown").FillAsync("Best **threshold** so far");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".notes strong")).ToHaveTextAsync("threshold");
        await Chromium.ScreenshotAsync(page, "run-identity");

        await page.GotoAsync("/?tag=camera+ready&starred=1");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("Seeds for the paper");
        await page.GetByRole(AriaRole.Button, new() { Name = "Star Seeds for the paper" }).ClickAsync();
        await Expect(page.GetByText("No run matches")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>Until the answer comes, the list shows the runs that were found for less of the text.</summary>
    [Fact]
    public async Task Palette_EnterBeforeTheAnswer_OpensWhatTheWholeTextFinds()
    {
        Finish("20260402-000001-cam-dawn", "dawn");
        var page = await dashboard.OpenAsync("/models");
        await OpenPaletteAsync(page);
        await page.Keyboard.TypeAsync("da");
        await Expect(page.Locator(".palette [role=option]", new() { HasText = "dawn" })).ToBeVisibleAsync();
        var answer = new TaskCompletionSource();
        await page.RouteAsync("**/api/runs?*", async route =>
        {
            await answer.Task;
            await route.ContinueAsync();
        });
        await page.Keyboard.TypeAsync("ta sets");
        await page.Keyboard.PressAsync("Enter");
        answer.SetResult();
        await Expect(page).ToHaveURLAsync(new Regex("/datasets$"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Palette_FindsARunByKeyboard_AndRemembersIt()
    {
        Finish("20260402-000000-cam-pale", "palette target");
        var page = await dashboard.OpenAsync("/models");
        await OpenPaletteAsync(page);
        await page.Keyboard.TypeAsync("palette tar");
        await Expect(page.Locator(".palette [role=option]").First).ToContainTextAsync("palette target");
        await Chromium.ScreenshotAsync(page, "palette", fullPage: false);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/runs/20260402-000000-cam-pale$"));
        await Expect(page.Locator("h1")).ToHaveTextAsync("palette target");

        await OpenPaletteAsync(page);
        await Expect(page.Locator(".palette [role=option]").First).ToContainTextAsync("Recent");
        await page.Keyboard.TypeAsync("data sets");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/datasets$"));
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToContainTextAsync("Ctrl K");
        await page.Keyboard.PressAsync("Escape");
        await OpenPaletteAsync(page);
        await page.Keyboard.TypeAsync("clims learning rate");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#option-learningRate")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task End_OfARun_IsToldOnAnotherPage()
    {
        using var run = new FabricatedRun(dashboard.Server.Data, "20260403-000000-cam-ends", "about to end").Start();
        var page = await dashboard.OpenAsync("/");
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "about to end" })).ToContainTextAsync("Running");
        await page.GotoAsync("/models");
        await page.Locator("h1").WaitForAsync();
        run.Train(10);
        run.Evaluate(0.4811);
        run.Finish();

        var notice = page.Locator(".mud-snackbar");
        await Expect(notice).ToContainTextAsync("about to end finished. mIoU 48.11 %. The queue is empty.");
        await Chromium.ScreenshotAsync(page, "notice", fullPage: false);
        await page.GetByTitle("Ended runs").ClickAsync();
        await page.Locator(".bell").GetByRole(AriaRole.Link, new() { Name = "about to end" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/20260403-000000-cam-ends$"));
        await page.Context.CloseAsync();
    }

    /// <summary>The first point comes in the place of the stages, and what lies below keeps its place.</summary>
    [Fact]
    public async Task Start_OfARun_ShowsItsStagesAndMovesNothing()
    {
        using var run = new FabricatedRun(dashboard.Server.Data, "20260406-000000-cam-star", "just started").Start();
        run.Report(RunStages.Progress(RunStages.Data));
        var page = await dashboard.OpenAsync($"/runs/{run.Folder.Id}");
        var current = page.Locator(".stages [aria-current=step]");
        await Expect(current).ToHaveTextAsync("Preparing the data");
        run.Report(RunStages.Progress(RunStages.Network));
        await Expect(current).ToHaveTextAsync("Loading the network");
        var before = await page.Locator(".timeline").BoundingBoxAsync();

        run.Train(1);
        await Expect(page.Locator("[data-group=loss]:not(.is-empty)")).ToBeVisibleAsync();
        await Expect(page.Locator(".stages")).ToHaveCountAsync(0);
        var after = await page.Locator(".timeline").BoundingBoxAsync();
        Assert.Equal((before!.X, before.Y, before.Height), (after!.X, after.Y, after.Height));

        run.Report(new RunSystem(1, new Dictionary<string, double> { [RunSystem.Processor] = 180, [RunSystem.Memory] = 0.9 }));
        await page.GetByRole(AriaRole.Link, new() { Name = "System" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "CPU %" })).ToBeVisibleAsync();
        await Expect(page.Locator(".legend").First).ToContainTextAsync("180");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Report_OpenedFromDiskWithoutNetwork_ShowsAllOfTheRun()
    {
        using var run = new FabricatedRun(dashboard.Server.Data, "20260404-000000-cam-repo", "reported run").Start();
        run.Train(60);
        run.Evaluate();
        run.Finish();
        RunLabelsFile.Change(run.Folder, labels => labels with { Notes = "See *figure 3*" });
        var page = await dashboard.OpenAsync($"/runs/{run.Folder.Id}");
        await page.GetByText("Report", new() { Exact = true }).ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = "Download, one HTML file" }).ClickAsync());
        Assert.Equal($"{run.Folder.Id}.html", download.SuggestedFilename);
        var file = Path.Combine(Chromium.Artifacts, "report.html");
        await download.SaveAsAsync(file);

        await page.Context.SetOfflineAsync(true);
        var requests = new List<string>();
        page.Request += (_, request) => requests.Add(request.Url);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await Expect(page.Locator("h1")).ToHaveTextAsync("reported run");
        await Expect(page.Locator(".miou")).ToContainTextAsync("31.42");
        await Expect(page.Locator(".notes em")).ToHaveTextAsync("figure 3");
        await Expect(page.Locator("svg polyline").First).ToBeVisibleAsync();
        Assert.True(await page.Locator("img").First
            .EvaluateAsync<bool>("async image => { await image.decode(); return image.naturalWidth === 96; }"));
        Assert.All(requests, url => Assert.StartsWith("file:", url.StartsWith("data:", StringComparison.Ordinal) ? "file:" : url));
        await Chromium.ScreenshotAsync(page, "report");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task ShareLink_MadeOnThePage_OpensTheReportUntilItIsRevoked()
    {
        var id = Finish("20260405-000000-cam-shar", "shared run").Id;
        var page = await dashboard.OpenAsync($"/runs/{id}");
        await page.GetByText("Report", new() { Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Share a read-only link" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create link" }).ClickAsync();
        var link = await page.GetByLabel("New link", new() { Exact = true }).InputValueAsync();
        var reader = await page.Context.NewPageAsync();
        await reader.GotoAsync(link);
        await Expect(reader.Locator("h1")).ToHaveTextAsync("shared run");

        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Revoke" })).ToHaveCountAsync(0);
        await reader.ReloadAsync();
        await Expect(reader.Locator("h1")).ToHaveTextAsync("This link opens nothing");
        await page.Context.CloseAsync();
    }

    /// <summary>Pressed before its script is there, the keys open it when it is.</summary>
    private static async Task OpenPaletteAsync(IPage page)
    {
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator(".palette[open] input").WaitForAsync();
    }

    private RunFolder Finish(string id, string? name = null) => FinishedRuns.Write(dashboard.Server.Data, id, name: name, dataset: "cooccurrence");
}
