using System.Text.RegularExpressions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>NSROM's two rounds, and its mining on CLIMS maps, launched from the pipelines' page: real training on a world of a few images.</summary>
public sealed class NsromPipelineTests(RealWorkersFixture dashboard) : IClassFixture<RealWorkersFixture>
{
    [Fact]
    public async Task Nsrom_LaunchedFromThePage_IsFollowedToItsEndAndItsMasksLieSideBySide()
    {
        var world = Path.Combine(dashboard.Server.Data.Path, "tiny");
        CooccurrenceWorld.Make(world, train: 12, val: 3, size: 48);

        var page = await dashboard.OpenAsync(Address("nsrom", world,
            "cam.epochs=2", "cam.batchSize=4", "cam.imageSize=48", "cam.nodes=4", "oa-cam.epochs=1", "oa-cam.batchSize=4", "oa-cam.imageSize=48",
            "oa-cam.nodes=4", "round-1.iterations=2", "round-1.batchSize=4", "round-1.cropSize=33", "round-2.iterations=2", "round-2.batchSize=4",
            "round-2.cropSize=33"));
        await FollowToTheEnd(page, "saliency", "cam", "oa-cam", "labels", "round-1", "masked", "round-2");
        await Chromium.ScreenshotAsync(page, "nsrom-finished");

        // The last stages beside each other, on the images that the network is measured on.
        await page.Locator(".page-head").GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await ComparePage.ExpectDrawn(page, panes: 3);
        await page.GoBackAsync();

        // What Potential Object Mining and Non-Salient Region Masking have taken out of the labels of the training images.
        await page.Locator("[data-stage=masked]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs/[^/]*-nsrm-"));
        await page.Locator(".identity").GetByRole(AriaRole.Link, new() { Name = "Compare" }).ClickAsync();
        await ComparePage.ExpectDrawn(page, panes: 3);
        await Expect(page.Locator(".viewer")).ToContainTextAsync("no label: training ignores it");
        await Chromium.ScreenshotAsync(page, "nsrom-masked");
    }

    [Fact]
    public async Task ClimsPom_LaunchedFromTheSamePage_EndsInASegmentationNetwork()
    {
        var world = Path.Combine(dashboard.Server.Data.Path, "tiny-clims");
        CooccurrenceWorld.Make(world, train: 12, val: 3, size: 48);

        var page = await dashboard.OpenAsync(Address("nsrom", world));
        await page.GetByRole(AriaRole.Radio, new() { Name = "CLIMS with Potential Object Mining" }).CheckAsync();
        await page.Locator("#set").FillAsync(string.Join('\n',
            "cam.epochs=1", "cam.batchSize=4", "clims.epochs=1", "clims.batchSize=4", "segment.iterations=2", "segment.batchSize=4",
            "segment.cropSize=33"));
        await page.Locator("#set").BlurAsync();
        await FollowToTheEnd(page, "cam", "clims", "maps", "saliency", "labels", "segment");
    }

    private static string Address(string pipeline, string world, params string[] options) =>
        $"/pipeline?pipeline={pipeline}&dataset={Uri.EscapeDataString(world)}"
        + string.Concat(options.Select(option => "&set=" + Uri.EscapeDataString(option)));

    private static async Task FollowToTheEnd(IPage page, params string[] expected)
    {
        var stages = page.Locator("[data-stage]");
        await Expect(stages.Locator(".step")).ToHaveTextAsync([.. expected.Select(_ => "to be made")],
            new() { Timeout = RealProgramFixture.Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true }).ClickAsync();
        await RealProgramFixture.ExpectFinished(page.Locator(".page-head"));
        Assert.Equal(expected.Order(), (await stages.EvaluateAllAsync<string[]>("all => all.map(stage => stage.dataset.stage)")).Order());
        await Expect(stages.Locator(".state-finished")).ToHaveCountAsync(expected.Length);
    }
}
