using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// Short runs of the real methods on a world like the built-in data set, but smaller, with the CLIP and the LoDA model that ship with the project.
/// Each is launched in the browser when a test first asks for it, and is then there for all tests of the collection.
/// </summary>
public sealed class LaunchedRunsFixture : RealProgramFixture
{
    public const string CamName = "the baseline";
    public const string ClimsName = "CLIMS from the baseline";
    public const string ZeroShotName = "masks from names";

    /// <summary>The data set they learn from.</summary>
    public const string World = "small-world";

    /// <summary>That they are measured on.</summary>
    public const int Images = 80;

    private Task<string>? _cam;
    private Task<string>? _clims;
    private Task<string>? _zeroShot;

    /// <summary>One epoch of the CAM baseline.</summary>
    /// <returns>As of all here: the identifier of the finished run.</returns>
    public Task<string> CamAsync() =>
        _cam ??= LaunchFromFormAsync(
            $"/new?method=cam&preset=builtin&dataset={World}&groups=open&name={Uri.EscapeDataString(CamName)}"
            + "&set=epochs%3D1&set=snapshotImages%3D4",
            "cam");

    /// <summary>One epoch of CLIMS from it, by the link on its page.</summary>
    public Task<string> ClimsAsync() => _clims ??= LaunchClimsAsync();

    /// <summary>The whole split's masks from class names.</summary>
    public Task<string> ZeroShotAsync() =>
        _zeroShot ??= LaunchFromFormAsync($"/new?method=zeroshot&preset=builtin&dataset={World}&name={Uri.EscapeDataString(ZeroShotName)}",
            "zeroshot");

    protected override void Prepare(DataFolder data)
    {
        BuiltInWorld.LinkInto(data);
        var folder = Path.Combine(data.Path, World);
        CooccurrenceWorld.Make(folder, train: 800, val: Images);
        new DatasetCatalog(data.Path).Register(World, folder);
    }

    private async Task<string> LaunchClimsAsync()
    {
        var cam = await CamAsync();
        var page = await OpenAsync($"/runs/{cam}");
        await page.GetByText("Next step").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Launch CLIMS from this run" }).ClickAsync();
        await Expect(page.Locator("#input-baseline")).ToHaveValueAsync(cam);
        await page.GetByLabel("all groups open").CheckAsync();
        await page.Locator("#option-epochs").FillAsync("1");
        await page.Locator("#option-epochs").BlurAsync();
        await page.Locator("#name").FillAsync(ClimsName);
        return await FinishAsync(page, "clims");
    }

    private async Task<string> LaunchFromFormAsync(string form, string method) => await FinishAsync(await OpenAsync(form), method);

    private static async Task<string> FinishAsync(IPage page, string method)
    {
        var run = await LaunchAsync(page, method);
        await ExpectFinished(page);
        await page.Context.CloseAsync();
        return run;
    }
}

/// <summary>One server trains and shows them, so its tests run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LaunchedRunsCollection : ICollectionFixture<LaunchedRunsFixture>
{
    public const string Name = "runs launched in the browser";
}
