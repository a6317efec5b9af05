using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The page that describes the API.</summary>
public sealed class ApiReferenceTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task Api_Opened_LeadsFromAnAddressToItsTypesWithoutAFault(int width, bool dark)
    {
        var faults = new ConcurrentQueue<string>();
        var page = await dashboard.OpenAsync("/not-found", width, dark);
        var own = new Uri(page.Url).GetLeftPart(UriPartial.Authority);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                faults.Enqueue(message.Text);
        };
        page.PageError += (_, error) => faults.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(own, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                faults.Enqueue(request.Url);
        };
        await page.GotoAsync("/api");

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Addresses" })
            .GetByRole(AriaRole.Link, new() { Name = "POST /api/runs", Exact = true }).ClickAsync();
        var launch = page.Locator("#post-runs");
        await Expect(launch).ToBeInViewportAsync();
        await Chromium.ScreenshotAsync(page, $"api-{width}", fullPage: false);
        await launch.GetByRole(AriaRole.Link, new() { Name = "RunRequest" }).ClickAsync();

        await Expect(page.Locator("#type-RunRequest")).ToBeInViewportAsync();
        await Expect(page.Locator("#type-RunRequest").GetByText("dataset", new() { Exact = true })).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page scrolls sideways at {width} px");
        Assert.Empty(faults);
        await page.Context.CloseAsync();
    }
}
