using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The leaderboard in a real browser, over finished runs whose scores the test has written.</summary>
[Collection(ComparePageCollection.Name)]
public sealed class LeaderboardPageTests(ComparePageFixture dashboard) : BrowserTests<ComparePageFixture>(dashboard)
{
    [Fact]
    public async Task TwoRuns_Ticked_SayByHowMuchTheyDiffer()
    {
        var world = await new FabricatedComparison(Dashboard.Data, "paired", images: 12, size: 48, keepsAllScores: true)
            .FoundAsync(Dashboard.Address);
        var page = await OpenAsync("leaderboard");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Methods by protocol" })).ToContainTextAsync("not comparable across columns");

        // Both have the same options and seed: they share a place.
        var section = page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("seed CAM.*of paired") });
        await section.GetByRole(AriaRole.Button, new() { Name = "2 runs" }).ClickAsync();
        var members = section.Locator("tr.member");
        await Expect(members.Locator(".title a")).ToHaveTextAsync(["near paired", "spilling paired"]);
        await members.GetByLabel("Compare near paired").CheckAsync();
        await Expect(section.GetByRole(AriaRole.Status)).ToContainTextAsync("Choose another row");
        await members.GetByLabel("Compare spilling paired").CheckAsync();

        var answer = await page.APIRequest.GetAsync($"/api/leaderboard/difference?a={world.Near.Id}&b={world.Spilling.Id}");
        var difference = (await answer.JsonAsync())!.Value;
        string Points(string name) => (100 * difference.GetProperty(name).GetDouble()).ToString("0.00", CultureInfo.InvariantCulture);
        await Expect(section.GetByRole(AriaRole.Status)).ToContainTextAsync(
            $"near paired is better than spilling paired by {Points("difference")} points, 95 % interval {Points("low")} to {Points("high")}");
        await Expect(page).ToHaveURLAsync(new Regex($"(?=.*pick={world.Near.Id})(?=.*pick={world.Spilling.Id})(?=.*of=seed)"));
        await page.ReloadAsync();
        await Expect(section.GetByRole(AriaRole.Status)).ToContainTextAsync("is better than");

        await section.GetByRole(AriaRole.Button, new() { Name = "Clear the choice" }).ClickAsync();
        await Expect(section.GetByRole(AriaRole.Status)).ToHaveCountAsync(0);
        await Expect(page).Not.ToHaveURLAsync(new Regex("pick="));
    }

    [Fact]
    public async Task Matrix_OfAProtocol_LeadsToItsPlacesAndDownloads()
    {
        var page = await OpenAsync("leaderboard");
        var matrix = page.GetByRole(AriaRole.Region, new() { Name = "Methods by protocol" });
        await matrix.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("zero-shot.*of world") }).ClickAsync();

        await Expect(page.Locator("tr.run .title a")).ToHaveTextAsync(["masks world"]);
        await Expect(matrix).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "LaTeX" })).ToHaveAttributeAsync("href",
            new Regex(@"api/leaderboard\.tex\?protocol=zero-shot"));
        Assert.True(await page.Locator(".table-box").First.EvaluateAsync<bool>("box => box.scrollWidth <= box.clientWidth"),
            "The ranking hides columns at 1280 px");
    }
}
