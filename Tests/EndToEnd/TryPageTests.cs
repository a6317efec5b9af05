using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Domain.Datasets;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Images;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>
/// The Try it page in a real browser against a real dashboard, its inference process and the LoDA model that ships with the project.
/// </summary>
public sealed class TryPageTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Image_Picked_ShowsMasksBarsAndMaps()
    {
        var page = await dashboard.OpenAsync("/try");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Pick an image" })).ToBeVisibleAsync();
        await page.Locator(".strip button").First.ClickAsync();
        await ExpectShown(page);

        await Expect(page.Locator("[data-part=title]")).ToHaveTextAsync(await page.Locator(".strip button").First.GetAttributeAsync("title") ?? "");
        await Expect(page.Locator(".bars .row")).ToHaveCountAsync(8);
        await Expect(page.Locator(".bars [data-state=selected]")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("[data-part=multiples] canvas")).ToHaveCountAsync(8);
        await Expect(page.Locator("[data-part=rule]")).ToContainTextAsync(new Regex(@"Threshold -?0\.\d+ = mean .* of the best 4 of 8"));

        // Another list of names is another question.
        await page.Locator("#classes").FillAsync("sheep, boat");
        await page.Locator("#classes").PressAsync("Enter");
        await Expect(page.Locator(".bars .row")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-part=unknown]")).ToBeHiddenAsync();
        await Expect(page).ToHaveURLAsync(new Regex("(?=.*image=val_)(?=.*classes=sheep,)"));
        await page.ReloadAsync();
        await ExpectShown(page);
        await Expect(page.Locator(".bars .row")).ToHaveCountAsync(2);
    }

    /// <summary>A model scores any word: of one that it has never read, it has to be said. Beside an image of a data set stands its truth.</summary>
    [Fact]
    public async Task Word_ThatTheModelDoesNotKnow_IsNamed()
    {
        var page = await OpenFirstAsync(dashboard, "");
        await Expect(page.Locator("[data-part=truth]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-part=iou]")).ToContainTextAsync(new Regex(@"mIoU of this image \d+\.\d\d %"));

        await page.Locator("#classes").FillAsync("sheep, unicorn");
        await page.Locator("#classes").PressAsync("Enter");

        await Expect(page.Locator("[data-part=unknown]")).ToContainTextAsync("“unicorn”: not in the vocabulary of cooccurrence-loda");
        // Other names than the data set's mean other labels.
        await Expect(page.Locator("[data-part=iou]")).ToBeEmptyAsync();
    }

    [Fact]
    public async Task Factor_Dragged_MovesBarsAndMasksWithoutARequest()
    {
        var page = await OpenFirstAsync(dashboard, "");
        var requests = 0;
        page.Request += (_, request) => requests += request.Url.EndsWith("/api/segment", StringComparison.Ordinal) ? 1 : 0;
        await page.Context.SetOfflineAsync(true);

        await SetFactor(page, 3);
        await Expect(page.Locator(".bars [data-state=selected]")).ToHaveCountAsync(1);
        var fewPixels = await Pixels(page);
        await SetFactor(page, -3);
        await Expect(page.Locator(".bars [data-state=selected]")).ToHaveCountAsync(3);
        Assert.NotEqual(fewPixels, await Pixels(page));

        // The line itself, back to where one class is left.
        await page.Locator(".bars .line").ScrollIntoViewIfNeededAsync();
        var bars = (await page.Locator(".bars .threshold").BoundingBoxAsync())!;
        var line = (await page.Locator(".bars .line").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(line.X + line.Width / 2, line.Y + line.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(bars.X + bars.Width - 2, line.Y + line.Height / 2, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.Locator(".bars [data-state=selected]")).ToHaveCountAsync(1);
        Assert.Equal(fewPixels, await Pixels(page));
        Assert.Equal(0, requests);

        // The keys, and the address.
        await page.Context.SetOfflineAsync(false);
        var dragged = await page.Locator("[data-part=factor]").InnerTextAsync();
        await page.Locator("#factor").PressAsync("ArrowLeft");
        await Expect(page.Locator("[data-part=factor]")).Not.ToHaveTextAsync(dragged);
        var (factor, pixels) = (await page.Locator("[data-part=factor]").InnerTextAsync(), await Pixels(page));
        await Expect(page)
            .ToHaveURLAsync(
            new Regex($"factor={double.Parse(factor, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture)}(&|$)"));
        await page.ReloadAsync();
        await ExpectShown(page);
        await Expect(page.Locator("[data-part=factor]")).ToHaveTextAsync(factor);
        Assert.Equal(pixels, await Pixels(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to 1" }).ClickAsync();
        await Expect(page.Locator("[data-part=factor]")).ToHaveTextAsync("1.00");
    }

    [Fact]
    public async Task Crf_Toggled_AsksAgainAndChangesTheMasks()
    {
        var page = await OpenFirstAsync(dashboard, "&factor=-3");
        var before = await Pixels(page);
        var answer = page.WaitForResponseAsync("**/api/segment");
        await page.GetByLabel("CRF", new() { Exact = true }).CheckAsync();
        Assert.Equal(200, (await answer).Status);
        await Expect(page).ToHaveURLAsync(new Regex("set=crf"));
        await ExpectShown(page);
        Assert.NotEqual(before, await Pixels(page));
    }

    [Fact]
    public async Task ClassesOpacityAndMaps_Chosen_ChangeTheCanvas()
    {
        var page = await OpenFirstAsync(dashboard, "&factor=-3");
        var before = await Pixels(page);
        await page.Locator("[data-part=classes] button").First.ClickAsync();
        var hidden = await Pixels(page);
        Assert.NotEqual(before, hidden);
        await page.Locator("[data-part=classes] button").First.ClickAsync();
        await page.Locator("[data-control=opacity]").FillAsync("0");
        var photo = await Pixels(page);
        Assert.NotEqual(before, photo);
        await page.Locator("[data-control=opacity]").FillAsync("60");
        await page.Locator("[data-part=multiples] button").Nth(5).ClickAsync();
        Assert.NotEqual(before, await Pixels(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to the masks" }).ClickAsync();
        Assert.Equal(before, await Pixels(page));
    }

    [Fact]
    public async Task Upload_TheSameFileAgain_IsAnsweredAgain()
    {
        var page = await OpenFirstAsync(dashboard, "");
        // A file of the disk keeps its date, by which the page knows it again.
        using var folder = new TempFolder();
        var file = folder.File("sheep.png");
        ImageFile.WritePng(file, new ImageBuffer(40, 30, 3, new byte[40 * 30 * 3]));
        await page.Locator("[data-control=file]").SetInputFilesAsync(file);
        await Expect(page.Locator("[data-part=title]")).ToHaveTextAsync("sheep.png");
        await Expect(page.Locator("[data-state=shown]")).ToBeVisibleAsync();

        await page.RunAndWaitForResponseAsync(() => page.Locator("[data-control=file]").SetInputFilesAsync(file), "**/api/segment");
        await Expect(page.Locator("[data-state=shown]")).ToBeVisibleAsync();
    }

    /// <summary>
    /// What the browser composes and writes is what the server composes and writes, at a factor and an image size that are not its own.
    /// </summary>
    [Fact]
    public async Task Mask_Downloaded_IsTheServersIndexedPng()
    {
        var page = await OpenFirstAsync(dashboard, "");
        var picture = await page.APIRequest.GetAsync("/" + await page.Locator(".strip img").Nth(14).GetAttributeAsync("src"));
        var file =
            ImageFile.EncodeJpeg(Resampling.Resize(ImageFile.DecodeRgb(await picture.BodyAsync(), "strip"), 301, 200, ResampleFilter.Bilinear));
        await page.Locator("[data-control=file]")
            .SetInputFilesAsync(new FilePayload { Name = "holiday.jpg", MimeType = "image/jpeg", Buffer = file });
        await Expect(page.Locator("[data-part=title]")).ToHaveTextAsync("holiday.jpg");
        await SetFactor(page, -0.4);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Mask as PNG" }).ClickAsync());
        Assert.Equal("holiday.png", download.SuggestedFilename);
        var mask = ImageFile.Decode(await File.ReadAllBytesAsync(await download.PathAsync()), "holiday.png");

        var form = page.APIRequest.CreateFormData();
        form.Append("image", new FilePayload { Name = "holiday.jpg", MimeType = "image/jpeg", Buffer = file });
        form.Append("classes", await page.Locator("#classes").InputValueAsync());
        form.Append("options", """{"model":"cooccurrence-loda","templates":"own","ownTemplates":["a photo of a {}","a picture of a {}","a {}","a close up of a {}"],"background":"","topClasses":0,"candidates":3,"bestAlways":true,"upsampling":"bilinear","crf":false,"closingSize":1,"thresholdFactor":-0.4}""");
        var answer = (await (await page.APIRequest.PostAsync("/api/segment", new() { Multipart = form })).JsonAsync())!.Value;
        var expected = ImageFile.Decode(answer.GetProperty("labels").GetBytesFromBase64(), "labels.png");

        Assert.Equal(PixelLayout.Indexed, mask.Info.Layout);
        Assert.Equal(new ImageSize(301, 200), mask.Info.Size);
        Assert.Equal(VocPalette.Rgb, mask.Palette.Chunk(4).SelectMany(colour => colour[..3]));
        Assert.Equal(expected.ToLabels().Labels, mask.ToLabels().Labels);
        Assert.True(mask.ToLabels().Labels.Distinct().Count() > 1);
        Assert.DoesNotContain("holiday", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OddUploads_AreRefusedInWords_AndThePageGoesOn()
    {
        var page = await OpenFirstAsync(dashboard, "");
        var alert = page.Locator("[data-part=failure]");
        foreach (var (name, bytes, expected) in new[]
        {
            ("deep.tif", "II*\0, and so on"u8.ToArray(),
                "“deep.tif” is not an image in a format that is read (JPEG, PNG, WebP, BMP or GIF): its content is a TIFF image"),
            ("cut.jpg", ImageFixtures.Bytes("rgb_q75_420.jpg")[..200], "“cut.jpg” is damaged or truncated"),
            ("huge.png", new byte[(32 << 20) + 1], "the limit is 32 MB"),
        })
        {
            await page.Locator("[data-control=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "image/png", Buffer = bytes });
            await Expect(alert).ToContainTextAsync(expected);
            // Nor is it said to be on the screen.
            await Expect(page.Locator("main")).Not.ToContainTextAsync($"{name} is shown");
            // Asked again, it would be refused again.
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeHiddenAsync();
        }
        await page.Locator("[data-control=file]")
            .SetInputFilesAsync(new FilePayload { Name = "inks.jpg", MimeType = "image/jpeg", Buffer = ImageFixtures.Bytes("cmyk.jpg") });
        await Expect(page.Locator("[data-part=title]")).ToHaveTextAsync("inks.jpg");
        await ExpectShown(page);

        await page.Locator("#classes").FillAsync("sheep,, boat");
        await page.Locator("#classes").PressAsync("Enter");
        await Expect(alert).ToContainTextAsync("Class 2 of 3 has no name");
        await page.Locator("#classes").FillAsync("sheep, boat, Sheep");
        await page.Locator("#classes").PressAsync("Enter");
        await Expect(alert).ToContainTextAsync("'Sheep' is given twice");
        await page.Locator("#classes").FillAsync(string.Join(", ", Enumerable.Range(0, 200).Select(k => $"c{k}")));
        await page.Locator("#classes").PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "All 200 scores" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "All 200 scores" }).ClickAsync();
        await Expect(page.Locator(".bars .row")).ToHaveCountAsync(200);
    }

    /// <summary>The menu leads to the page as it is at first: nothing of the earlier question stays, and the way back leads to all of it.</summary>
    [Fact]
    public async Task MenuLink_OnThePageItself_BeginsAnew_AndBackReturns()
    {
        var page = await OpenFirstAsync(dashboard, "&factor=-0.5&classes=sheep,+boat");
        var pixels = await Pixels(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Pick an image" })).ToBeVisibleAsync();
        await Expect(page.Locator("#classes")).ToHaveValueAsync(new Regex("^train, boat, "));
        await Expect(page).ToHaveURLAsync(new Regex("/try$"));

        await page.Locator(".strip button").First.ClickAsync();
        await ExpectShown(page);
        await Expect(page.Locator("[data-part=factor]")).ToHaveTextAsync("1.00");

        await page.GoBackAsync();
        await Expect(page.Locator("[data-part=title]")).ToHaveTextAsync("val_000014");
        await ExpectShown(page);
        await Expect(page.Locator("#classes")).ToHaveValueAsync("sheep, boat");
        await Expect(page.Locator("[data-part=factor]")).ToHaveTextAsync("-0.50");
        Assert.Equal(pixels, await Pixels(page));
    }

    /// <summary>As many names as the field takes, in a script of which the address needs nine letters each.</summary>
    [Fact]
    public async Task Names_AsManyAsTheFieldTakes_AreThereAfterAReload()
    {
        var page = await OpenFirstAsync(dashboard, "");
        await page.Locator("#classes").FillAsync(new string('羊', 5000));
        await page.Locator("#classes").PressAsync("Enter");
        await Expect(page.Locator("[data-part=failure]")).ToContainTextAsync("Correct its name");
        await Expect(page).ToHaveURLAsync(new Regex("classes=%E7%BE%8A"));
        await page.ReloadAsync();
        await Expect(page.Locator("#classes")).ToHaveValueAsync(new Regex("^羊{5000}$"));
        await Expect(page.Locator("[data-part=failure]")).ToContainTextAsync("Correct its name");
    }

    [Fact]
    public async Task Page_LightAndDark_FitsTheScreen()
    {
        foreach (var width in new[] { 1280, 390 })
        {
            var page = await dashboard.OpenAsync("/try?split=val&image=val_000014&factor=-0.5", width);
            await ExpectShown(page);
            await Chromium.ScreenshotsAsync(page, "try");
            await page.Context.CloseAsync();
        }
    }

    private static async Task<IPage> OpenFirstAsync(BrowserFixture dashboard, string query)
    {
        var page = await dashboard.OpenAsync($"/try?split=val&image=val_000014{query}");
        await ExpectShown(page);
        return page;
    }

    private static async Task ExpectShown(IPage page)
    {
        await Expect(page.Locator("[data-part=view][data-state=shown]")).ToBeVisibleAsync();
        await Expect(page.Locator(".strip img").First).ToBeVisibleAsync();
        await ComparePage.SettledFonts(page);
        await Frame(page);
    }

    private static async Task SetFactor(IPage page, double factor)
    {
        await page.Locator("#factor")
            .EvaluateAsync("(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }", factor);
        await Frame(page);
    }

    /// <summary>What was asked for is drawn in the next frame.</summary>
    private static Task Frame(IPage page) => page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

    private static async Task<string> Pixels(IPage page)
    {
        await Frame(page);
        return await page.Locator("canvas[data-part=canvas]").EvaluateAsync<string>("canvas => canvas.toDataURL()");
    }
}
