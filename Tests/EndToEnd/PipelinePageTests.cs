using System.IO.Compression;
using System.Text.RegularExpressions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>From the pipeline's form to its finished graph: real training on a world of a few images.</summary>
public sealed class PipelinePageTests(RealWorkersFixture dashboard) : IClassFixture<RealWorkersFixture>
{
    private const string Small = "&set=cam.epochs%3D1&set=cam.batchSize%3D8&set=clims.epochs%3D1&set=clims.batchSize%3D8";

    [Fact]
    public async Task Pipeline_LaunchedFromItsPage_IsPlannedWatchedAndReused()
    {
        var world = Path.Combine(dashboard.Server.Data.Path, "tiny");
        CooccurrenceWorld.Make(world, train: 16, val: 4, size: 48);
        var address = $"/pipeline?pipeline=clims-seeds&dataset={Uri.EscapeDataString(world)}";

        var page = await dashboard.OpenAsync(address);
        var stages = page.Locator("[data-stage]");
        await Expect(stages).ToHaveCountAsync(2, new() { Timeout = RealProgramFixture.Patience });
        await Expect(stages.Locator(".step")).ToHaveTextAsync(["to be made", "to be made"]);
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Launch" }))
            .ToContainTextAsync("2 of 2 stages are run on cpu: time unknown");

        // What is wrong is named by stage, and nothing can be launched.
        var options = page.Locator("#set");
        await options.FillAsync("cam.epochs=0");
        await options.BlurAsync();
        await Expect(page.GetByText("cam: epochs: '0' is not a whole number from 1 to 1000")).ToBeVisibleAsync();
        await options.FillAsync("cam.epochs=1\ncam.batchSize=8\nclims.epochs=1\nclims.batchSize=8");
        await options.BlurAsync();
        await Expect(page).ToHaveURLAsync(new Regex("set=clims.batchSize%3D8"));
        await Expect(page.Locator("pre").First).ToContainTextAsync("--set cam.epochs=1");
        await Chromium.ScreenshotAsync(page, "pipeline-plan");

        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/pipeline/clims-seeds-"), new() { Timeout = RealProgramFixture.Patience });
        await RealProgramFixture.ExpectFinished(page.Locator(".page-head"));
        await Expect(stages.Locator(".state-finished")).ToHaveCountAsync(2);
        await Expect(stages.Locator(".picture img")).ToHaveCountAsync(2);
        await Expect(stages.Locator(".miou b")).ToHaveTextAsync([new Regex(@"^\d+\.\d\d$"), new Regex(@"^\d+\.\d\d$")]);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "The same images at every stage" }).Locator("tbody tr").First.Locator("img"))
            .ToHaveCountAsync(2 + 2);
        await Chromium.ScreenshotAsync(page, "pipeline-finished");

        await stages.Last.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[^/]*-clims-"));
        await TakeAwayAndBringBack(page, world);

        await page.GotoAsync(address + Small + "&name=again");
        await Expect(stages.Locator(".step")).ToHaveTextAsync(["reused", "reused"], new() { Timeout = RealProgramFixture.Patience });
        await Expect(page.GetByText("All stages have finished before: nothing has to be run.")).ToBeVisibleAsync();
        await page.GotoAsync(address + Small.Replace("clims.epochs%3D1", "clims.epochs%3D2", StringComparison.Ordinal));
        await Expect(stages.Locator(".step")).ToHaveTextAsync(["reused", "to be made"], new() { Timeout = RealProgramFixture.Patience });
    }

    /// <summary>From the page of a finished run: compared, exported, and imported again as a run with the same score.</summary>
    private async Task TakeAwayAndBringBack(IPage page, string world)
    {
        var address = await page.EvaluateAsync<string>("() => location.href");
        var (run, own) = ScoreOf(new Uri(address).Segments[^1]);
        await page.Locator(".identity").GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await Expect(page.Locator("canvas:visible").First).ToBeVisibleAsync();

        await page.GotoAsync(address);
        await page.Locator("details.more summary").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = "Label maps, VOC layout" }).ClickAsync());
        await using var archive = await ZipFile.OpenReadAsync(await download.PathAsync());
        var folder = Directory.CreateDirectory(Path.Combine(dashboard.Server.Data.Path, $"labels-of-{run}")).FullName;
        foreach (var mask in archive.Entries.Where(entry => entry.Name.EndsWith(".png", StringComparison.Ordinal)))
            await mask.ExtractToFileAsync(Path.Combine(folder, mask.Name));

        await page.GotoAsync($"/new?method=import&preset=pseudo-labels&dataset={Uri.EscapeDataString(world)}"
            + $"&set=folder%3D{Uri.EscapeDataString(folder)}&set=evaluationSplit%3D{own.Protocol.Split}");
        var imported = await RealProgramFixture.LaunchAsync(page, "import");
        await RealProgramFixture.ExpectFinished(page);
        Assert.Equal(own.Miou, ScoreOf(imported).Score.Miou, 9);
    }

    private (string Run, RunEvaluated Score) ScoreOf(string run)
    {
        var folder = dashboard.Server.Data.Run(run);
        return (run, MainScore.Of(folder.ReadSpec(), EventLogReader.ReadAll(folder.Events).OfType<RunEvaluated>())!);
    }

    [Fact]
    public async Task PipelineRun_ThatThereIsNot_SaysSo()
    {
        var page = await dashboard.OpenAsync("/pipeline/nosuch");

        await Expect(page.GetByText("There is no such pipeline")).ToBeVisibleAsync();
    }
}
