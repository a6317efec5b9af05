using System.Text.Json;
using Dashboard.Web.Server;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>Every page against axe-core's rules, with real runs in it: nothing serious or critical, light and dark.</summary>
[Collection(LaunchedRunsCollection.Name)]
public sealed class AccessibilityTests(LaunchedRunsFixture dashboard)
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(ContentRoot.Find(), "node_modules", "axe-core", "axe.min.js"));

    /// <summary>A colour on its way to another is neither theme's.</summary>
    private const string WithoutTransitions = """
        () => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("*, *::before, *::after { transition: none !important; }");
            document.adoptedStyleSheets.push(sheet);
        }
        """;

    private const string AllRules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']";

    /// <summary>All else is the same in the dark.</summary>
    private const string ColoursAlone = "{ type: 'rule', values: ['color-contrast'] }";

    [Fact]
    public async Task Pages_HaveNoSeriousFaults()
    {
        var (cam, zeroShot) = (await dashboard.CamAsync(), await dashboard.ZeroShotAsync());
        (string Address, string Ready)[] pages =
        [
            ("/", ".runs-page tbody tr"),
            ($"/runs/{cam}", ".overview"),
            ($"/runs/{cam}?tab=curves", "canvas:visible"),
            ($"/runs/{cam}?tab=maps", ".run-page img"),
            ($"/runs/{cam}?tab=results", "table"),
            ($"/runs/{cam}?tab=options", "table"),
            ($"/runs/{cam}?tab=log", ".log-tab"),
            ($"/runs/{cam}/try?split=val&image=val_000000", "[data-state=shown]"),
            ("/new?method=clims&preset=builtin&dataset=cooccurrence&groups=open", ".plan, .faults"),
            ("/new?method=segment&preset=paper&dataset=cooccurrence", ".plan, .faults"),
            ("/pipeline?pipeline=wsss", "[data-stage]"),
            ("/pipeline/nosuch", "h1"),
            ("/sweep?target=clims&preset=builtin&ablation=on", ".points td"),
            ("/sweep/nosuch", "h1"),
            ("/compare/masks", "canvas:visible"),
            ($"/compare/runs?run={cam}&run={zeroShot}", "tbody tr"),
            ("/leaderboard", "table"),
            ("/try?split=val&image=val_000000", "[data-state=shown]"),
            ("/datasets", ".cards li"),
            ("/datasets/cooccurrence", ".images li"),
            ("/datasets/cooccurrence?image=train_000000&masks=true", "[role=dialog]"),
            ("/datasets/cooccurrence?view=preview", ".pictures"),
            ("/datasets/cooccurrence?view=check", "main .button.primary"),
            ("/models", ".cards li"),
            ("/devices", ".cards li"),
            ("/api", "#get-runs"),
            ("/nowhere", "h1"),
        ];
        var page = await dashboard.OpenAsync("/");
        List<string> faults = [];
        foreach (var (address, ready) in pages)
        {
            await page.GotoAsync(address);
            await Expect(page.Locator(ready).First).ToBeVisibleAsync();
            await page.EvaluateAsync(Axe);
            await page.EvaluateAsync(WithoutTransitions);
            faults.AddRange(await FaultsAsync(page, address, AllRules));
            await SwitchAsync(page, ColorScheme.Dark, "dark");
            faults.AddRange(await FaultsAsync(page, $"{address} in the dark", ColoursAlone));
            await SwitchAsync(page, ColorScheme.Light, "light");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        await page.Context.CloseAsync();
    }

    /// <summary>As the system does at any time.</summary>
    private static async Task SwitchAsync(IPage page, ColorScheme scheme, string theme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
    }

    private static async Task<IEnumerable<string>> FaultsAsync(IPage page, string address, string rules)
    {
        var found = await page.EvaluateAsync<string>($$"""
            async () => JSON.stringify((await axe.run(document, { runOnly: {{rules}} })).violations
                .filter(({ impact }) => impact === "serious" || impact === "critical")
                .flatMap(({ id, nodes }) => nodes.slice(0, 4).map(({ target, failureSummary }) =>
                    `${id}: ${target.join(" ")}: ${failureSummary.split("\n").at(-1).trim()}`)))
            """);
        return JsonSerializer.Deserialize<IReadOnlyList<string>>(found)!.Select(fault => $"{address}: {fault}");
    }
}
