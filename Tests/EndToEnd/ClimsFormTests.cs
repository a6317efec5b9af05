using System.Text.RegularExpressions;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>What the launch form has for CLIMS: prompts, the run it starts from, the ablation. The workers count instead of training.</summary>
public sealed class ClimsFormTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    private const string Form = "/new?method=clims&preset=builtin&dataset=cooccurrence&groups=open";

    [Fact]
    public async Task Prompts_WordsTyped_ReadAsASentenceMarkTheRowAndSurviveAReload()
    {
        var page = await dashboard.OpenAsync(Form);
        await Expect(Prompts(page).Locator("tbody th")).ToHaveTextAsync(["train", "boat", "plane", "sheep", "car", "camel", "bird", "penguin"]);
        await Expect(page.GetByLabel("Backgrounds of boat")).ToHaveValueAsync("water, sea, lake, river");

        await page.Locator("#option-promptTemplate").FillAsync("a photo of a {}.");
        await page.Locator("#option-promptTemplate").BlurAsync();
        await Expect(page).ToHaveURLAsync(new Regex("promptTemplate"));
        await page.GetByLabel("Words of train").FillAsync("locomotive, steam train");
        await Expect(Prompts(page).Locator("figure")).ToContainTextAsync("a photo of a locomotive.");
        await page.GetByLabel("Words of train").BlurAsync();
        await Expect(page).ToHaveURLAsync(new Regex("classWords"));
        await Expect(Prompts(page).Locator("figure")).ToContainTextAsync("a photo of a locomotive.");
        await Expect(Prompts(page).Locator("figure")).ToContainTextAsync("a photo of a railway.");
        await Expect(page.Locator("pre").First)
            .ToContainTextAsync("--set 'promptTemplate=a photo of a {}.' --set 'classWords=train=locomotive, steam train'");

        await page.ReloadAsync();
        await Expect(page.GetByLabel("Words of train")).ToHaveValueAsync("locomotive, steam train");
        await Expect(Prompts(page).Locator("tr.changed th")).ToHaveTextAsync(["train"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Reset the prompts of train" }).ClickAsync();
        await Expect(page.GetByLabel("Words of train")).ToHaveValueAsync("");
        await Expect(Prompts(page).Locator("tr.changed")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Prompts_Checked_ShowTheCosinesOfClassesAndBackgrounds()
    {
        var page = await dashboard.OpenAsync(Form);
        var check = page.GetByRole(AriaRole.Region, new() { Name = "Prompt check" });

        // The first answer waits for the inference process and its model.
        await check.GetByRole(AriaRole.Button, new() { Name = "Check prompts" }).ClickAsync();
        var table = check.Locator("table").First;
        await Expect(table.Locator("tbody tr")).ToHaveCountAsync(8);
        await Expect(table.Locator("tbody tr").First).ToContainTextAsync("train");
        await Expect(table.Locator("thead")).ToContainTextAsync("railway");
        await Chromium.ScreenshotAsync(page, "prompt-check");

        await page.GetByLabel("Words of train").FillAsync("locomotive");
        await page.GetByLabel("Words of train").BlurAsync();
        await Expect(check).ToContainTextAsync("The prompts have changed since this check.");
    }

    [Fact]
    public async Task Prompts_DatasetUnknown_RowsAreFree()
    {
        var page = await dashboard.OpenAsync("/new?method=clims&preset=builtin&dataset=/nosuch&groups=open");
        await page.GetByLabel("Add a class").FillAsync("zebra");
        await page.GetByLabel("Add a class").PressAsync("Enter");
        await page.GetByLabel("Backgrounds of zebra").FillAsync("savanna");
        await page.GetByLabel("Backgrounds of zebra").BlurAsync();

        await Expect(page).ToHaveURLAsync(new Regex("savanna"));
        await Expect(Prompts(page).Locator("figure")).ToContainTextAsync("a photo of savanna");
    }

    [Fact]
    public async Task Clip_PathElsewhere_IsRefusedAtTheField()
    {
        var page = await dashboard.OpenAsync(Form);
        await page.Locator("#option-clip").SelectOptionAsync("/");
        await page.GetByLabel("Path of the model").FillAsync("/etc/passwd");
        await page.GetByLabel("Path of the model").BlurAsync();

        await Expect(page.Locator(".failure")).ToContainTextAsync("lies outside the folders that pages may name");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Clip_UnknownName_IsToldAtTheField()
    {
        var page = await dashboard.OpenAsync(Form + "&set=clip%3Dnosuch");

        await Expect(page.Locator(".failure")).ToContainTextAsync("clip: There is no model 'nosuch'. Known: cooccurrence");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Baseline_FromAFinishedRun_IsChosenNamedInTheCommandAndLinked()
    {
        using var cam = new FabricatedRun(dashboard.Server.Data, "20260102-000000-cam-base", "good baseline").Start();
        cam.Train(200);
        cam.Evaluate();
        cam.Finish();
        var page = await dashboard.OpenAsync($"/runs/{cam.Folder.Id}");
        await page.GetByText("Next step").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Launch CLIMS from this run" }).ClickAsync();

        var picker = page.GetByLabel("CAM baseline", new() { Exact = true }).And(page.Locator("select"));
        await Expect(picker).ToHaveValueAsync(cam.Folder.Id);
        await Expect(picker.Locator("option:checked")).ToContainTextAsync("good baseline · mIoU 31.42 · seed 0 · builtin");
        await Expect(page.Locator("pre").First).ToContainTextAsync($"--input baseline={cam.Folder.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[^/]*-clims-"));

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Related runs" })).ToContainTextAsync("Starts from good baseline");
        await page.GetByRole(AriaRole.Link, new() { Name = "good baseline" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Related runs" })).ToContainTextAsync("Starting from this run");
    }

    [Fact]
    public async Task Baseline_StillRunning_IsWaitedFor()
    {
        using var cam = new FabricatedRun(dashboard.Server.Data, "20260102-000001-cam-base", "slow baseline").Start();
        var page = await dashboard.OpenAsync($"{Form}&baseline={cam.Folder.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[^/]*-clims-"));

        await Expect(page.GetByText("which it starts from and which is running")).ToBeVisibleAsync();
        cam.Train(200);
        cam.Finish();
        await Expect(page.Locator(".state-finished").First).ToBeVisibleAsync();
    }

    /// <summary>With the arrow keys each run on the way to another is chosen.</summary>
    [Fact]
    public async Task Baseline_ChosenOfEitherGroup_KeepsTheFocusAndMovesWithItsRun()
    {
        using var done = new FabricatedRun(dashboard.Server.Data, "20260102-000002-cam-base", "done baseline").Start();
        done.Train(200);
        done.Evaluate();
        done.Finish();
        using var busy = new FabricatedRun(dashboard.Server.Data, "20260102-000003-cam-base", "busy baseline").Start();
        var page = await dashboard.OpenAsync(Form);
        var picker = page.Locator("#input-baseline");
        await Expect(picker.Locator($"option[value='{done.Folder.Id}']")).ToHaveCountAsync(1);
        await Expect(picker.Locator($"option[value='{busy.Folder.Id}']")).ToHaveCountAsync(1);

        await picker.FocusAsync();
        foreach (var run in new[] { done, busy, done })
        {
            await picker.SelectOptionAsync(run.Folder.Id);
            await Expect(page.Locator("#help-input-baseline a")).ToHaveAttributeAsync("href", $"runs/{run.Folder.Id}");
            await Expect(picker).ToBeFocusedAsync();
        }
        await picker.SelectOptionAsync("");
        await Expect(page.Locator("#help-input-baseline")).ToContainTextAsync("is reused");
        await Expect(picker).ToBeFocusedAsync();

        await picker.SelectOptionAsync(busy.Folder.Id);
        await Expect(page.Locator("#help-input-baseline a")).ToHaveAttributeAsync("href", $"runs/{busy.Folder.Id}");
        busy.Train(200);
        busy.Evaluate();
        busy.Finish();
        await Expect(picker.Locator("option:checked")).ToContainTextAsync("busy baseline · mIoU 31.42");
    }

    [Fact]
    public async Task Baseline_OfAnotherDatasetOrGone_IsRefused()
    {
        var page = await dashboard.OpenAsync($"{Form}&baseline=nosuch");

        await Expect(page.Locator(".failure")).ToHaveTextAsync("baseline: there is no run 'nosuch'; it may have been deleted. Choose another.");
    }

    [Fact]
    public async Task Ablation_Launched_OpensTheComparisonOfItsRuns()
    {
        var page = await dashboard.OpenAsync($"{Form}&seed=41");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run the ablation: 4 runs" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("4 runs are queued");
        await page.GetByRole(AriaRole.Button, new() { Name = "Queue 4 runs" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex(@"/compare/runs\?group=ablation-"));
        var rows = page.GetByRole(AriaRole.Region, new() { Name = "Measured" }).Locator("tbody tr");
        await Expect(rows.Locator("th a")).ToHaveTextAsync(["CAM baseline", .. ClimsAblation.Variants.Select(variant => variant.Title)]);
        await Expect(rows.Locator(".state-finished")).ToHaveCountAsync(5);
        var group = new Uri(page.Url).Query["?group=".Length..];
        await TemporaryData.Until(() => Directory.GetDirectories(dashboard.Server.Data.Runs).Count(run =>
            File.ReadAllText(Path.Combine(run, "spec.json")).Contains(group)) == 4, "four runs of the group");
    }

    [Fact]
    public async Task Form_LightAndDark_FitsTheScreen()
    {
        foreach (var width in new[] { 1280, 390 })
        {
            var page = await dashboard.OpenAsync(Form + "&set=classWords%3Dtrain%3Dlocomotive", width);
            await Expect(page.GetByLabel("Words of train")).ToHaveValueAsync("locomotive");
            await Expect(page.Locator("#option-clip option:checked")).ToContainTextAsync("cooccurrence (");
            await Chromium.ScreenshotsAsync(page, "new-clims");
            await page.Context.CloseAsync();
        }
    }

    private static ILocator Prompts(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Prompts" });
}
