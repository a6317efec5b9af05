using System.Text.Json;
using System.Text.RegularExpressions;
using Dashboard.Backend.Evaluation;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>A trained CAM run asked about single images, by its page and by the API.</summary>
[Collection(LaunchedRunsCollection.Name)]
public sealed class TryRunTests(LaunchedRunsFixture dashboard)
{
    [Fact]
    public async Task Run_FromItsMenu_ShowsItsMapsBesideTheTruth()
    {
        var cam = await dashboard.CamAsync();
        var page = await dashboard.OpenAsync($"/runs/{cam}");
        await page.Locator("details.more summary").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Try on an image" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex($"/runs/{cam}/try"));
        await page.Locator(".strip button").First.ClickAsync();
        await Expect(page.Locator("[data-state=shown]")).ToBeVisibleAsync(new() { Timeout = RealProgramFixture.Patience });
        await Expect(page.Locator("[data-part=truth]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-part=scores] input:checked")).Not.ToHaveCountAsync(0);

        // At another threshold there is another IoU, without a question to the server.
        var iou = await page.Locator("[data-part=iou]").InnerTextAsync();
        Assert.Matches(@"mIoU of this image \d+\.\d\d %", iou);
        await page.Context.SetOfflineAsync(true);
        await page.Locator("#threshold").FillAsync("0.9");
        await Expect(page.Locator("[data-part=iou]")).Not.ToHaveTextAsync(iou);
        await page.Context.SetOfflineAsync(false);
        await Expect(page).ToHaveURLAsync(new Regex("threshold=0.9"));
        await Chromium.ScreenshotAsync(page, "try-run");
        await page.Context.CloseAsync();
    }

    /// <summary>The maps of an image of the data set are those that the run itself has stored, but for the last digits of batches.</summary>
    [Fact]
    public async Task Activations_OfAStoredImage_AreTheRunsOwn()
    {
        var cam = await dashboard.CamAsync();
        var stored = Directory.GetFiles(dashboard.Server.Data.Run(cam).Cams, "*.cam").Order().First();
        var own = SoftCamFile.Read(stored);
        using var client = new HttpClient { BaseAddress = new(dashboard.Server.Address) };
        var id = Path.GetFileNameWithoutExtension(stored);
        var names = JsonDocument.Parse(await client.GetStringAsync($"/api/datasets/{LaunchedRunsFixture.World}")).RootElement.GetProperty("classes");

        var report = await PostAsync(client, cam, id, string.Join(',', own.Classes.Select(k => names[k].GetString())));

        using var file = new TempFile(report.GetProperty("maps").GetBytesFromBase64());
        var tried = SoftCamFile.Read(file.Path);
        Assert.Equal((own.Width, own.Height), (tried.Width, tried.Height));
        Assert.Equal(own.Classes, tried.Classes);
        Assert.All(own.Maps.Zip(tried.Maps), pair => Assert.InRange(pair.Second, pair.First - 2e-3, pair.First + 2e-3));
    }

    [Fact]
    public async Task Activations_OfAnUnknownClassOrRun_AreRefusedByName()
    {
        var cam = await dashboard.CamAsync();
        using var client = new HttpClient { BaseAddress = new(dashboard.Server.Address) };

        Assert.Contains("no class 'unicorn'", (await PostAsync(client, cam, "val_000000", "unicorn")).GetProperty("errors").ToString());
        Assert.Contains("no run 'nosuch'", (await PostAsync(client, "nosuch", "val_000000", "")).GetProperty("detail").GetString());
        Assert.Contains("zeroshot", (await PostAsync(client, await dashboard.ZeroShotAsync(), "val_000000", "")).GetProperty("detail").GetString());
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string run, string image, string classes)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(LaunchedRunsFixture.World), "dataset" }, { new StringContent(image.Split('_')[0]), "split" },
            { new StringContent(image), "id" }, { new StringContent(classes), "classes" },
        };
        using var answer = await client.PostAsync($"/api/runs/{run}/activations", form);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private sealed class TempFile : IDisposable
    {
        public TempFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
