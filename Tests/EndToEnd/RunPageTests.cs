using System.Text.RegularExpressions;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Images;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The run page in a real browser, fed by runs whose every event the test writes: all but its charts.</summary>
[Collection(RunPageCollection.Name)]
public sealed class RunPageTests(RunPageFixture dashboard) : BrowserTests<RunPageFixture>(dashboard)
{
    [Fact]
    public async Task Page_FinishedRun_ShowsCurvesMapsAndResults()
    {
        using var run = Dashboard.NewRun("Baseline, seed 0");
        run.Train(200);
        run.Evaluate();
        run.Finish();

        foreach (var width in new[] { 1280, 390 })
        {
            var page = await OpenAsync($"runs/{run.Folder.Id}", width);
            await Expect(page.Locator("[data-group=loss] .u-over")).ToBeVisibleAsync();
            await Expect(page.Locator(".timeline .row")).ToHaveCountAsync(4);
            await Expect(page.Locator(".miou strong")).ToHaveTextAsync("31.42");
            await Chromium.ScreenshotsAsync(page, "run");
            foreach (var (tab, text) in new[] { ("Curves", "Smoothing"), ("Maps", "Maps by epoch"), ("Results", "31.42"),
                ("Options", "batchSize"), ("Log", "epoch 4 of 4") })
            {
                await page.GetByRole(AriaRole.Link, new() { Name = tab }).And(page.Locator(".tabs a")).ClickAsync();
                await Expect(page).ToHaveURLAsync(new Regex($"tab={tab.ToLowerInvariant()}"));
                await Expect(page.Locator("main")).ToContainTextAsync(text);
                await Chromium.ExpectNoSidewaysScrollAsync(page, tab);
            }
        }
    }

    /// <summary>
    /// Zero-shot masks are made, not trained, and others only taken over: there are no curves to wait for and no epochs to move through.
    /// </summary>
    [Theory]
    [InlineData("zeroshot")]
    [InlineData("import")]
    public async Task Page_OfARunThatTrainsNothing_HasNoCurvesAndNoEpochs(string name)
    {
        var method = MethodCatalog.Get(name);
        var id = $"20260101-000009-{name}-page";
        var folder = RunFolder.Create(Dashboard.Data.Run(id).Path, new RunSpec
        {
            Id = id,
            Method = method.Name,
            Options = method.Schema.Write(method.Presets[0].Options),
            Dataset = "cooccurrence",
            Seed = 0,
            Device = "cpu",
            CodeVersion = "test",
            Created = DateTimeOffset.UtcNow,
        });
        using (var log = new EventLogWriter(folder.Events, TimeProvider.System))
        {
            log.Append(new RunStarted(Environment.ProcessId, "test", "cpu", "test"));
            log.Append(new RunFinished(1));
        }

        var page = await OpenAsync($"runs/{folder.Id}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Maps and masks" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Curves" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Page_FailedRun_SaysWhyAndWhatNext()
    {
        using var run = Dashboard.NewRun();
        run.Train(60);
        run.Report(new RunFailed("images/000123.jpg is truncated after 812 bytes. Replace the file or take it off the list ImageSets/train.txt.",
            "at Decode()"));
        run.Dispose();

        var page = await OpenAsync($"runs/{run.Folder.Id}");

        var notice = page.Locator(".notice.error[role=alert]").Filter(new() { HasText = "images/000123.jpg is truncated" });
        await Expect(notice).ToContainTextAsync("Resume goes on from epoch 1 (step 50)");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-group=loss] .u-over")).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "run-failed");
    }

    [Fact]
    public async Task Page_UnknownRun_SaysSo()
    {
        var page = await OpenAsync("runs/nothing");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no run nothing" })).ToBeVisibleAsync();
    }

    /// <summary>What can only fail is not offered.</summary>
    [Fact]
    public async Task Page_RunDeletedMeanwhile_SaysSo()
    {
        using var run = Dashboard.NewRun("deleted elsewhere");
        run.Train(10);
        run.Report(new RunFailed("The disk was full."));
        run.Dispose();
        var page = await OpenAsync($"runs/{run.Folder.Id}");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();

        Directory.Delete(run.Folder.Path, recursive: true);

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"There is no run {run.Folder.Id}" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToHaveCountAsync(0);
    }

    /// <summary>The images that are scored last are no steps.</summary>
    [Fact]
    public async Task Head_OfAFinishedRun_TellsItsStepsNotTheImagesThatWereScored()
    {
        using var run = Dashboard.NewRun();
        run.Train(200);
        run.Report(new RunProgress("CAM inference", 320, 320, 4, 4, null, null) { Fraction = 0.99 });
        run.Evaluate();
        run.Finish();
        var page = await OpenAsync($"runs/{run.Folder.Id}");

        await Expect(page.Locator(".progress")).ToContainTextAsync("200 steps in 4 epochs");
        await Expect(page.Locator(".progress")).Not.ToContainTextAsync("320");
    }

    [Fact]
    public async Task Failure_OfManyLines_IsOneSentenceWithDetails()
    {
        using var run = Dashboard.NewRun();
        run.Report(new RunFailed("The device cannot be used.\nframe #0: somewhere\nframe #1: elsewhere"));
        run.Dispose();
        var page = await OpenAsync($"runs/{run.Folder.Id}");

        await Expect(page.Locator(".notice.error strong")).ToHaveTextAsync("The device cannot be used.");
        await Expect(page.GetByText("frame #1")).ToBeHiddenAsync();
        await page.GetByText("Details", new() { Exact = true }).ClickAsync();
        await Expect(page.GetByText("frame #1")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Timeline_SavedAsGif_HasAFrameForEveryEpoch()
    {
        using var run = Dashboard.NewRun();
        run.Train(50);
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=maps");
        var links = page.GetByRole(AriaRole.Link, new() { Name = "as GIF" });
        await Expect(page.Locator(".timeline .row")).ToHaveCountAsync(4);
        await Expect(links).ToHaveCountAsync(0);

        run.Train(100);
        await Expect(links).ToHaveCountAsync(4);
        var saved = await page.RunAndWaitForDownloadAsync(() => links.First.ClickAsync());
        Assert.EndsWith(".gif", saved.SuggestedFilename, StringComparison.Ordinal);
        var gif = await File.ReadAllBytesAsync(await saved.PathAsync());
        Assert.Equal(3, PictureTests.Frames(gif));
        Assert.True(ImageFile.DecodeRgb(gif, saved.SuggestedFilename).Width > 3 * 96);

        var none = await page.APIRequest.GetAsync($"/api/runs/{run.Folder.Id}/timeline.gif?image=nosuch");
        Assert.Equal(404, none.Status);
        Assert.Contains("no pictures of 'nosuch'", await none.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Slider_Moved_ChangesAllPanelsAndMarksTheStep()
    {
        using var run = Dashboard.NewRun();
        run.Train(150);
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=maps");
        var masks = page.Locator(".timeline [data-kind=mask] img");
        await Expect(masks).ToHaveCountAsync(4);
        await ExpectEpoch(page, 3);

        await page.Locator("[data-control=slider]").PressAsync("ArrowLeft");
        await ExpectEpoch(page, 2);
        await Expect(page).ToHaveURLAsync(new Regex("epoch=2"));

        // A person's choice stands while the run goes on.
        run.Train(50);
        await Expect(page.Locator("[data-control=slider]")).ToHaveAttributeAsync("max", "3");
        await ExpectEpoch(page, 2);

        await page.Locator("[data-control=follow]").CheckAsync();
        await ExpectEpoch(page, 4);
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.timeline img')].every(image => image.complete && image.naturalWidth === 96)");
    }

    [Fact]
    public async Task Log_LetterHalfWritten_ComesWholeWithTheNextPiece()
    {
        using var run = Dashboard.NewRun();
        run.Train(1);
        var page = await OpenAsync($"runs/{run.Folder.Id}?tab=log");
        var log = page.Locator(".log pre");
        var line = System.Text.Encoding.UTF8.GetBytes("épôque ✓\n");

        await File.WriteAllBytesAsync(run.Folder.WorkerLog, line[..^3]);
        await Expect(log).ToHaveTextAsync("épôque");
        await File.AppendAllBytesAsync(run.Folder.WorkerLog, line[^3..]);

        await Expect(log).ToHaveTextAsync("épôque ✓");
    }

    private static async Task ExpectEpoch(IPage page, int epoch)
    {
        await Expect(page.Locator("[data-control=epoch]")).ToHaveValueAsync($"{epoch}");
        await Expect(page.Locator($".timeline img[src*='/epoch-{epoch:0000}/']")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator($".timeline img:not([src*='/epoch-{epoch:0000}/'])")).ToHaveCountAsync(0);
    }
}
