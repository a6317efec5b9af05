using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Tests.Runs;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>Lists of many runs: in pages, and live without sending what has not changed.</summary>
public sealed class ManyRunsTests(BrowserFixture dashboard, ITestOutputHelper output) : IClassFixture<BrowserFixture>
{
    /// <summary>More for a measurement: BENCHMARKS.md says how.</summary>
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("DASHBOARD_TEST_RUNS") ?? "120", CultureInfo.InvariantCulture);

    private static readonly bool IsMeasurement = Count > 120;

    /// <summary>In a minute a run reports 240 at most.</summary>
    private static readonly int Updates = IsMeasurement ? 240 : 10;

    [Fact]
    public async Task Lists_ManyRuns_ComeInPagesAndStayLive()
    {
        for (var i = 0; i < Count; i++)
            FinishedRuns.Write(dashboard.Server.Data, $"run-{i:0000}", miou: i / (double)Count, day: i % 100, name: $"many {i:0000}",
                dataset: "cooccurrence", epochs: i + 1);
        using var client = new HttpClient { BaseAddress = new Uri(dashboard.Server.Address) };
        await TemporaryData.Until(() => client.GetAsync("/api/runs?limit=1").Result.Headers.GetValues("X-Total-Count").Single() == $"{Count}",
            "the runs");

        var page = await dashboard.OpenAsync("/?sort=name&asc=1");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(50);
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" })).ToContainTextAsync($"1–50 of {Count}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next" }).ClickAsync();
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("many 0050");
        await Expect(page).ToHaveURLAsync(new Regex("page=2"));
        await page.GetByRole(AriaRole.Searchbox).FillAsync("many 0007");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page).Not.ToHaveURLAsync(new Regex("page="));

        var board = await dashboard.OpenAsync("/leaderboard");
        await Expect(board.GetByText("The best 10 are shown.")).ToBeVisibleAsync();
        await Expect(board.Locator("tr.run")).ToHaveCountAsync(10);
        await Expect(board.Locator("tr.run").First).ToContainTextAsync($"many {Count - 1:0000}");
        await board.GetByRole(AriaRole.Link, new() { Name = $"All {Count} places" }).ClickAsync();
        await Expect(board.Locator("tr.run")).ToHaveCountAsync(50);
        await board.GetByRole(AriaRole.Link, new() { Name = "Worse" }).ClickAsync();
        await Expect(board.Locator("tr.run").First).ToContainTextAsync($"many {Count - 51:0000}");
        await Expect(board.Locator("tr.run .rank").First).ToHaveTextAsync("51");
        await board.CloseAsync();

        await DamagedAsync();
        await LiveAsync();
    }

    /// <summary>Listed and opened like any other, with the reason, and without what cannot be done with it.</summary>
    private async Task DamagedAsync()
    {
        File.WriteAllText(FinishedRuns.Write(dashboard.Server.Data, "run-torn").Spec, "{\"id\": \"run-to");
        var page = await dashboard.OpenAsync("/?state=damaged");
        var row = page.Locator("tbody tr").Filter(new() { HasText = "run-torn" });
        await Expect(row).ToContainTextAsync("spec.json is damaged");
        await Expect(row.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToHaveCountAsync(0);
        await row.GetByRole(AriaRole.Link, new() { Name = "run-torn" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "spec.json is damaged" })).ToBeVisibleAsync();
        await page.CloseAsync();
    }

    private async Task LiveAsync()
    {
        using var run =
            new FabricatedRun(dashboard.Server.Data, "20270101-000000-cam-live", "live", epochs: 1, stepsPerEpoch: 10 * Updates + 1).Start();
        long received = 0;
        var page = await dashboard.OpenAsync("/leaderboard");
        page.WebSocket += (_, socket) =>
            socket.FrameReceived += (_, frame) => Interlocked.Add(ref received, frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        await page.GotoAsync("/");
        var row = page.Locator("tbody tr").Filter(new() { HasText = "live" });
        await Expect(row).ToContainTextAsync("Running");
        var opened = Interlocked.Read(ref received);

        var watched = Stopwatch.StartNew();
        for (var update = 1; update <= Updates; update++)
        {
            run.Train(10);
            if (IsMeasurement)
                await Task.Delay(250);
            else
                await Expect(row).ToContainTextAsync($"{(int)(100 * (0.8 * run.Step / (10 * Updates + 1)))} %");
        }
        await Expect(row).ToContainTextAsync("79 %");

        var sent = Interlocked.Read(ref received) - opened;
        output.WriteLine(
            $"{Count} runs: the page took {opened / 1e3:0} kB, {Updates} updates of a live run in {watched.Elapsed.TotalSeconds:0} s "
            + $"{sent / 1e3:0} kB");
        Assert.InRange(opened, 1, 400_000);
        // One drawing an update, one a second for the duration; each is that of a row, not of the list.
        Assert.InRange(sent, 1, 3_000 * (Updates + (long)watched.Elapsed.TotalSeconds));
    }
}
