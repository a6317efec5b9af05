using System.Text.RegularExpressions;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Execution.Slurm;
using Dashboard.Tests.Runs;
using Dashboard.Tests.Web;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>What a user of a cluster sees: a real Slurm of two nodes with one GPU each, the real server, a real browser.</summary>
[Collection(SlurmCollection.Name)]
public sealed class SlurmRunTests
{
    private static readonly Dictionary<string, string> OnSlurm = new() { ["Dashboard__Executor"] = "slurm" };

    [SlurmFact]
    public async Task ThreeSeeds_LaunchedStoppedAndResumed_TellJobNodeAndWhyTheyWait()
    {
        await using var server = await ServerProcess.StartAsync(BuiltInWorld.LinkInto, environment: OnSlurm);
        await using var chromium = await Chromium.TakeAsync();
        var page = await chromium.NewPageAsync(server.Address);
        await page.GotoAsync("/new?method=cam&preset=builtin&dataset=cooccurrence&device=cuda&seed=0-2&name=held");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch 3 runs" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("group=seeds-"));

        // One array: two tasks have a node each, one waits for them.
        await page.GotoAsync("/");
        await Expect(page.Locator("main")).ToContainTextAsync(new Regex(@"job \d+_2, waiting: \w+"));
        await Expect(page.Locator(".state-running")).ToHaveCountAsync(2);
        var runs = Directory.GetDirectories(server.Data.Runs).Select(path => new RunFolder(path)).OrderBy(run => run.ReadSpec().Seed).ToList();
        await Chromium.ScreenshotAsync(page, "slurm-runs", fullPage: false);
        await page.GotoAsync($"/runs/{runs[2].Id}");
        await Expect(page.GetByText(new Regex(@"Slurm has it: job \d+_2, waiting: \w+"))).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "slurm-waiting");
        await page.GotoAsync($"/runs/{runs[0].Id}");
        await Expect(page.Locator("dd", new() { HasTextRegex = new Regex(@"^job \d+_0 on n[12]$") })).ToBeVisibleAsync();

        // The run that is stopped makes room for the one that waits.
        await StopAsync(page);
        await Expect(page.Locator(".state-cancelled").First).ToBeVisibleAsync();
        await page.GotoAsync($"/runs/{runs[2].Id}");
        await Expect(page.Locator("dd", new() { HasTextRegex = new Regex(@"^job \d+_2 on n[12]$") })).ToBeVisibleAsync();

        // kill -9 of the dashboard: the jobs go on, and a new dashboard shows them running.
        await server.KillAsync();
        await server.RestartAsync();
        await page.GotoAsync($"/runs/{runs[0].Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).First.ClickAsync();
        await Expect(page.GetByText(new Regex(@"Slurm has it: job \d+, waiting: \w+"))).ToBeVisibleAsync();
        foreach (var run in runs)
            CountingMethod.LetGo(run);
        await Expect(page.Locator(".state-finished").First).ToBeVisibleAsync();
        await Expect(page.Locator("dd", new() { HasTextRegex = new Regex(@"^job \d+ on n[12]$") })).ToBeVisibleAsync();
        foreach (var run in runs)
            await TemporaryData.Until(() => EventLogReader.ReadLast(run.Events) is RunFinished, $"{run.Id} to finish");
        await page.Context.CloseAsync();

        Assert.Equal([2, 1, 1], runs.Select(run => EventLogReader.ReadAll(run.Events).OfType<RunStarted>().Count()));
    }

    private static async Task StopAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop run" }).ClickAsync();
    }
}
