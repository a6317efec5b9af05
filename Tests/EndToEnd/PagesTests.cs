using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The pages beside the run page, in a real browser against a real dashboard process.</summary>
public sealed partial class PagesTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Run_LaunchedStoppedResumedDeleted_FromTheBrowser()
    {
        var page = await dashboard.OpenAsync("/new?name=slow+first&set=epochs%3D600");
        await Expect(page.Locator("pre").First)
            .ToContainTextAsync("./run train cam --dataset cooccurrence --preset builtin --name 'slow first' --set epochs=600");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(RunAddress());

        await page.GotoAsync("/");
        var row = page.Locator("tbody tr").Filter(new() { HasText = "slow first" });
        await Expect(row.Locator(".state-running")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Stop slow first" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop run" }).ClickAsync();
        await Expect(row.Locator(".state-cancelled")).ToBeVisibleAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Resume slow first" }).ClickAsync();
        await Expect(row.Locator(".state-finished")).ToBeVisibleAsync();

        await row.GetByRole(AriaRole.Button, new() { Name = "Delete slow first" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task NewRun_BadValue_IsNamedAtTheFieldAndSurvivesAReload()
    {
        var page = await dashboard.OpenAsync("/new?groups=open");
        var epochs = page.Locator("#option-epochs");
        await epochs.FillAsync("0");
        await epochs.BlurAsync();
        await Expect(page).ToHaveURLAsync(new Regex("set=epochs"));

        await Expect(page.Locator(".failure")).ToContainTextAsync("whole number from 1 to 1000");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true })).ToBeDisabledAsync();
        await page.ReloadAsync();
        await Expect(epochs).ToHaveValueAsync("0");
        await page.GetByRole(AriaRole.Button, new() { Name = "epochs: '0' is not" }).ClickAsync();
        await Expect(epochs).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset Epochs" }).ClickAsync();
        await Expect(page.Locator(".failure")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task NewRun_OptionFound_AloneIsShownAndEnterLaunchesNothing()
    {
        var page = await dashboard.OpenAsync("/new?set=batchSize%3D8&groups=open");
        var find = page.GetByLabel("Find an option");
        await find.FillAsync("weight decay");
        // An advanced option, which is folded otherwise.
        await Expect(page.Locator("#option-weightDecay")).ToBeVisibleAsync();
        await Expect(page.Locator("#option-epochs")).ToHaveCountAsync(0);
        await find.PressAsync("Enter");

        await find.FillAsync("");
        await page.GetByLabel("only those changed (1)").CheckAsync();
        await Expect(page.Locator("#option-weightDecay")).ToHaveCountAsync(0);
        // The field stays when its value passes through the preset's on the way to another.
        var batchSize = page.Locator("#option-batchSize");
        await Expect(batchSize).ToHaveValueAsync("8");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset Batch size" }).ClickAsync();
        await Expect(page.GetByLabel("only those changed (0)")).ToBeCheckedAsync();
        await batchSize.FillAsync("5");
        await Expect(page.GetByLabel("only those changed (1)")).ToBeCheckedAsync();

        await find.FillAsync("no such option");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();

        await Expect(page.Locator("#option-epochs")).ToBeVisibleAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("New run");
    }

    [Fact]
    public async Task NewRun_GroupFolded_SaysWhatIsChangedInIt()
    {
        var page = await dashboard.OpenAsync("/new?set=batchSize%3D8");
        var summary = page.Locator("summary").Filter(new() { HasText = "Optimisation" });
        await Expect(summary.GetByText("6 options, 1 changed: Batch size 8")).ToBeVisibleAsync();
        await Expect(page.Locator("#option-batchSize")).ToBeHiddenAsync();

        await summary.ClickAsync();

        await Expect(page.Locator("#option-batchSize")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Runs_OnAPhone_AreSortedWithoutColumnHeads()
    {
        using var run = new FabricatedRun(dashboard.Server.Data, "20260102-030406-cam-sort", "ordered by hand").Start();
        var page = await dashboard.OpenAsync("/", width: 390);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Sorted by" }).SelectOptionAsync("Miou");
        await Expect(page).ToHaveURLAsync(new Regex("sort=miou"));
        await page.GetByRole(AriaRole.Button, new() { Name = "turn the order round" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("asc=1"));
    }

    [Fact]
    public async Task NewRun_DryRun_ReportsTimeAndMemory()
    {
        var page = await dashboard.OpenAsync("/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Dry run", Exact = true }).ClickAsync();

        await Expect(page.Locator("dl")).ToContainTextAsync("0.5 s");
        await Expect(page.Locator("dl")).ToContainTextAsync("1 MB");
    }

    [Fact]
    public async Task Theme_Toggled_IsRemembered()
    {
        var page = await dashboard.OpenAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        await page.ReloadAsync();

        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task Keyboard_FromTheTop_SkipsToTheContentAndOpensTheMenu()
    {
        var page = await dashboard.OpenAsync("/leaderboard", width: 390);
        // A new page gives the heading the focus, for screen readers; once it has it, nothing else moves the focus. The bar lies before it.
        await Expect(page.Locator("h1")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).FocusAsync();
        await page.Keyboard.PressAsync("Shift+Tab");
        await Expect(page.GetByText("Skip to content")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var datasets = page.GetByRole(AriaRole.Link, new() { Name = "Data sets" });
        await Expect(datasets).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(datasets).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Enter");
        await datasets.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator("h1")).ToHaveTextAsync("Data sets");
    }

    [Fact]
    public async Task Pages_LightAndDark_FitTheScreenAndLoadNothingFromElsewhere()
    {
        using var run = new FabricatedRun(dashboard.Server.Data, "20260102-030405-cam-shot", "AdamW, wide crop").Start();
        run.Train(120);
        run.Evaluate();
        foreach (var width in new[] { 1280, 390 })
        {
            var foreign = new ConcurrentQueue<string>();
            var page = await dashboard.OpenAsync("/not-found", width);
            var own = new Uri(page.Url).GetLeftPart(UriPartial.Authority);
            page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith(own, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                    foreign.Enqueue(request.Url);
            };
            foreach (var (name, path) in new[] { ("runs", "/"), ("new-run", "/new?set=epochs%3D0"), ("leaderboard", "/leaderboard"),
                ("datasets", "/datasets"), ("not-found", "/nosuch") })
            {
                await page.GotoAsync(path);
                await page.Locator("h1").WaitForAsync();
                await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
                if (name is "runs" or "leaderboard")
                    await Expect(page.GetByText("AdamW, wide crop").First).ToBeVisibleAsync();
                await Chromium.ScreenshotsAsync(page, name);
                Assert.Empty(foreign);
                if (name == "leaderboard")
                    Assert.True(await page.Locator(".table-box").First.EvaluateAsync<bool>("box => box.scrollWidth <= box.clientWidth"),
                        $"The ranking hides columns at {width} px");
            }
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Dataset_Browsed_ShowsImagesMasksAndTheReport()
    {
        // The built-in set is made on first use; a busy machine needs its time.
        var page = await dashboard.OpenAsync("/datasets/cooccurrence?split=val&masks=true");
        await Expect(page.Locator(".images img").First).ToBeVisibleAsync(new() { Timeout = 300_000 });
        await Expect(page.Locator(".images .overlay").First).ToHaveJSPropertyAsync("complete", true);
        await Chromium.ScreenshotAsync(page, "dataset-images");
        await page.Locator(".images a").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).Locator("img")).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Close" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Check" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check every file" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "val", Exact = true })).ToBeVisibleAsync(new() { Timeout = 300_000 });
        await Chromium.ScreenshotAsync(page, "dataset-check");
    }

    /// <summary>From an archive of a Mac, with classes as mmseg lists them, a pipe, and a picture in a format that is not read.</summary>
    [Fact]
    public async Task Dataset_WithFaults_IsCheckedInTheBrowser()
    {
        var root = Path.Combine(dashboard.Server.Data.Path, "pets");
        Directory.CreateDirectory(Path.Combine(root, "images"));
        ImageFile.WritePng(Path.Combine(root, "images/a.png"), SmallVoc.Picture("a"));
        await File.WriteAllBytesAsync(Path.Combine(root, "images/._a.png"), [0, 5, 0x16, 7]);
        await File.WriteAllBytesAsync(Path.Combine(root, "images/t.tif"), [1]);
        await File.WriteAllTextAsync(Path.Combine(root, "classes.txt"), "background\ncat\n");
        await File.WriteAllTextAsync(Path.Combine(root, "tags.csv"), "file\ttags\na.png\tCat\nt.tif\tcat\ngone.png\tcat\n");
        var page = await dashboard.OpenAsync("/datasets");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("pets");
        await page.GetByLabel("Folder on this machine").FillAsync(root);
        await page.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
        await page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "pets" }).GetByRole(AriaRole.Link, new() { Name = "Check" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check every file" }).ClickAsync();
        await Expect(page.GetByText("which is label 0; label 1 is 'cat'.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "images/t.tif" }))
            .ToContainTextAsync("is a file of the format TIF, which is not read");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "tags.csv" })).ToContainTextAsync("gone.png");
        await Expect(page.GetByText("0 errors, 2 warnings.")).ToBeVisibleAsync();
        await Chromium.ScreenshotAsync(page, "dataset-check-with-faults");
    }

    [GeneratedRegex("/runs/\\d{8}-\\d{6}-cam-")]
    private static partial Regex RunAddress();
}
