using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The bar of every page tells what the devices do.</summary>
[Collection(RunPageCollection.Name)]
public sealed class DeviceChipTests(RunPageFixture dashboard) : BrowserTests<RunPageFixture>(dashboard)
{
    [Fact]
    public async Task Bar_RunBeginsAndEnds_TellsSoOnAnotherPage()
    {
        var page = await OpenAsync("models");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Models");
        using var run = Dashboard.NewRun("busy");
        run.Train(10);
        await Expect(page.Locator(".device")).ToContainTextAsync("running");
        await Expect(page.Locator(".device")).ToContainTextAsync("CPU");

        run.Finish();
        await Expect(page.Locator(".device").Filter(new() { HasText = "running" })).ToHaveCountAsync(0);
    }
}
