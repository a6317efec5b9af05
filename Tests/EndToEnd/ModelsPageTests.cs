using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Pretrained;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The models page, in a real browser against a real dashboard and its inference process.</summary>
public sealed class ModelsPageTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    private string Folder(string name) => Path.Combine(dashboard.Server.Data.Path, "clips", name);

    [Fact]
    public async Task Model_AddedTestedRemoved_FromTheBrowser()
    {
        var path = SmallClip.Write(Folder("small"));
        var page = await dashboard.OpenAsync("/models");
        await AddAsync(page, path);

        var card = Card(page, "small");
        await Expect(card).ToHaveCountAsync(1);
        foreach (var fact in new[] { "CLIP, ViT, patch 8", "16 px", new ModelCatalog(dashboard.Server.Data.Path).Find("small").Sha256[..8],
            Path.Combine(path, "merges.txt") })
            await Expect(card).ToContainTextAsync(fact);
        await Expect(page.GetByLabel("File or folder on this machine")).ToHaveValueAsync("");

        await card.GetByRole(AriaRole.Button, new() { Name = "Self-test small" }).ClickAsync();
        await Expect(card).ToContainTextAsync("Works as it should");
        await Expect(card).ToContainTextAsync("Texts differ: cosine of two different ones");

        await card.GetByRole(AriaRole.Button, new() { Name = "Remove small" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("No run names it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Expect(card).ToHaveCountAsync(0);
        Assert.True(File.Exists(Path.Combine(path, "model.safetensors")));
    }

    [Fact]
    public async Task Model_DamagedOrOutside_IsRefusedWithTheReason()
    {
        var damaged = Path.Combine(SmallClip.Write(Folder("cut")), "model.safetensors");
        using (var file = File.OpenWrite(damaged))
            file.SetLength(file.Length - 100);
        var page = await dashboard.OpenAsync("/models");

        await AddAsync(page, damaged);
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The file is truncated" })).ToBeVisibleAsync();
        await AddAsync(page, "/etc/hostname");
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "lies outside the folders" })).ToBeVisibleAsync();
        await AddAsync(page, SmallClip.Write(Folder("deaf"), alter: tensors => tensors.Remove("ln_final.bias")));
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "ln_final.bias" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Model_OfUnknownActivation_IsAskedForIt()
    {
        var path = SmallClip.Write(Folder("untold"), activation: null);
        var page = await dashboard.OpenAsync("/models");
        await AddAsync(page, path);
        await Expect(Card(page, "untold")).ToContainTextAsync("Which activation?");
        await Expect(Card(page, "untold")).ToContainTextAsync("does not tell whether it was trained with QuickGELU or GELU");

        await page.GetByLabel("Activation").SelectOptionAsync("gelu");
        await AddAsync(page, path);

        await Expect(Card(page, "untold")).ToContainTextAsync("Available");
        await Expect(Card(page, "untold")).ToContainTextAsync("GELU");
    }

    [Fact]
    public async Task Model_AddedElsewhere_AppearsByItself()
    {
        var page = await dashboard.OpenAsync("/models");
        await page.GetByLabel("File or folder on this machine").WaitForAsync();
        new ModelCatalog(dashboard.Server.Data.Path).Add(SmallClip.Write(Folder("elsewhere")));
        await Expect(Card(page, "elsewhere")).ToContainTextAsync("Available");
        Directory.Delete(Folder("elsewhere"), recursive: true);
        await Expect(Card(page, "elsewhere")).ToContainTextAsync("Not available");
    }

    [Fact]
    public async Task Model_OfAFinishedRun_IsOfferedAndAdded()
    {
        const string id = "20260102-030405-clip-made";
        var model = RecordedRun.Trained(dashboard.Server.Data, id);
        var page = await dashboard.OpenAsync("/models");

        await page.GetByRole(AriaRole.Button, new() { Name = $"Add the model of {id}" }).ClickAsync();

        await Expect(Card(page, id)).ToContainTextAsync(model);
        await Expect(page.GetByText("From your runs")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Model_WithMoreAndLessThanItNeeds_ShowsTheirNames()
    {
        var page = await dashboard.OpenAsync("/models");
        await AddAsync(page, SmallSimSeg.Write(Folder("normless"), tensors => tensors.Remove("image_encoder.model.model.norm.bias")));
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "image_encoder.norm.bias" })).ToBeVisibleAsync();
        await AddAsync(page, OddSimSeg("odd"));

        var card = Card(page, "simseg");
        await Expect(card).ToContainTextAsync($"{SimSegTensors.Of(SmallSimSeg.Shape).Count - 1} tensors taken");
        await Expect(card.GetByText("image_queue")).ToBeHiddenAsync();
        await card.GetByText("2 unexpected").ClickAsync();
        await Expect(card.GetByText("image_queue")).ToBeVisibleAsync();
        await card.GetByText("1 missing").ClickAsync();
        await Expect(card.GetByText("temperature", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(card).ToContainTextAsync("0 not needed");
    }

    [Fact]
    public async Task Page_LightAndDark_FitsTheScreen()
    {
        new ModelCatalog(dashboard.Server.Data.Path).Add(OddSimSeg("pictured-odd"), "odd");
        new ModelCatalog(dashboard.Server.Data.Path).Add(SmallClip.Write(Folder("pictured")));
        var gone = new ModelCatalog(dashboard.Server.Data.Path).Add(SmallClip.Write(Folder("gone"))).Path;
        Directory.Delete(gone, recursive: true);
        foreach (var width in new[] { 1280, 390 })
        {
            var page = await dashboard.OpenAsync("/models", width);
            await Card(page, "pictured").GetByRole(AriaRole.Button, new() { Name = "Self-test pictured" }).ClickAsync();
            await Expect(Card(page, "pictured")).ToContainTextAsync("Works as it should");
            await AddAsync(page, "/etc/hostname");
            await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(1);
            await Card(page, "odd").GetByText("2 unexpected").ClickAsync();
            await Chromium.ScreenshotsAsync(page, "models");
            await page.Context.CloseAsync();
        }
    }

    /// <summary>A SimSeg without a temperature and with what no model knows.</summary>
    private string OddSimSeg(string folder) => SmallSimSeg.Write(Folder(folder), tensors =>
    {
        tensors.Remove("loss.temperature");
        tensors["image_queue"] = TensorData.Of(new float[3], 3);
        tensors["image_encoder.model.model.blocks.0.attn.relative_position_bias_table"] = TensorData.Of(new float[2], 2);
    });

    private static ILocator Card(IPage page, string name) =>
        page.Locator(".cards .card").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true }) });

    private static async Task AddAsync(IPage page, string path)
    {
        await page.GetByLabel("File or folder on this machine").FillAsync(path);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
    }
}
