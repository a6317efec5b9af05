using System.Text.RegularExpressions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>From the sweep's form over its plot to more seeds of the best point: real training on a world of a few images.</summary>
public sealed class SweepPageTests(RealWorkersFixture dashboard) : IClassFixture<RealWorkersFixture>
{
    [Fact]
    public async Task Sweep_LaunchedFromItsPage_IsBrushedOpenedAndLaunchedWithMoreSeeds()
    {
        var world = Path.Combine(dashboard.Server.Data.Path, "tiny");
        CooccurrenceWorld.Make(world, train: 16, val: 4, size: 48);
        var page = await dashboard.OpenAsync(
            $"/sweep?target=cam&preset=builtin&dataset={Uri.EscapeDataString(world)}&set=epochs%3D1&set=batchSize%3D8");

        // What is wrong is said, and nothing can be launched.
        var axes = page.Locator("#axis");
        await axes.FillAsync("learningRat=0.001,0.002");
        await axes.BlurAsync();
        await Expect(page.Locator("form").GetByText("There is no option 'learningRat'. Did you mean learningRate?")).ToBeVisibleAsync();
        await Expect(Launch(page)).ToBeDisabledAsync();
        await axes.FillAsync("learningRate=0.0005,0.002,0.008");
        await axes.BlurAsync();
        await Expect(page.GetByText("3 points: 3 runs to make, 0 reused.")).ToBeVisibleAsync();
        await Expect(page.Locator("pre").First).ToContainTextAsync("./run sweep cam");

        await Launch(page).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/sweep/sweep-"), new() { Timeout = RealProgramFixture.Patience });
        await RealProgramFixture.ExpectFinished(page.Locator(".page-head"));
        var (rows, lines) = (page.Locator("#sweep-points tbody tr"), page.Locator("[data-line]"));
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(lines).ToHaveCountAsync(3);

        // A range on the first axis, drawn with the pointer: the table follows, and the address holds it.
        var axis = (await page.Locator("[data-axis='0'].grip").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(axis.X + axis.Width / 2, axis.Y + axis.Height);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(axis.X + axis.Width / 2, axis.Y + 0.6f * axis.Height);
        await page.Mouse.UpAsync();
        await Expect(page.Locator("#sweep-points tbody tr:visible")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-part=count]")).ToHaveTextAsync("2 of 3 points");
        await Expect(page).ToHaveURLAsync(new Regex("range=learningRate"));
        await page.ReloadAsync();
        await Expect(page.Locator("#sweep-points tbody tr:visible")).ToHaveCountAsync(2);
        // The same by keyboard.
        var lowest = page.GetByLabel("learningRate, lowest");
        await lowest.FillAsync("0.005");
        await lowest.PressAsync("Tab");
        await page.GetByLabel("learningRate, highest").FillAsync("");
        await page.GetByLabel("learningRate, highest").PressAsync("Tab");
        await Expect(page.Locator("#sweep-points tbody tr:visible")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();
        await Expect(page.Locator("#sweep-points tbody tr:visible")).ToHaveCountAsync(3);
        await Chromium.ScreenshotAsync(page, "sweep");

        var best = page.GetByRole(AriaRole.Region, new() { Name = "The best point" });
        var run = await best.GetByRole(AriaRole.Link, new() { Name = "Open the run" }).GetAttributeAsync("href");
        Assert.Equal(run, await rows.First.GetByRole(AriaRole.Link).GetAttributeAsync("href"));
        await best.GetByRole(AriaRole.Link, new() { Name = "Train it with seeds 0, 1, 2" }).ClickAsync();
        await Expect(page.GetByText("1 point with 3 seeds each: 2 runs to make, 1 reused.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Sweep_ThatThereIsNot_SaysSo()
    {
        var page = await dashboard.OpenAsync("/sweep/sweep-nosuch");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no such sweep" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All sweeps" }).ClickAsync();
        await Expect(page.GetByText("Name the options to try, and the points appear here before anything is queued.")).ToBeVisibleAsync();
    }

    private static ILocator Launch(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true });
}
