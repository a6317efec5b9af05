using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The launch form: it starts short, and launches nothing but what was asked for.</summary>
public sealed class LaunchFormPageTests(BrowserFixture dashboard) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Clims_WithItsGroupsFolded_IsShort()
    {
        var page = await dashboard.OpenAsync("/new?method=clims&preset=builtin&dataset=cooccurrence");
        await Expect(page.Locator("summary").Filter(new() { HasText = "options" }).First).ToBeVisibleAsync();

        Assert.InRange(await page.EvaluateAsync<double>("document.documentElement.scrollHeight"), 1, 1200);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Number_WithADecimalComma_IsRefusedByName()
    {
        var page = await dashboard.OpenAsync("/new?groups=open");
        await page.Locator("#option-learningRate").FillAsync("0,002");
        await page.Locator("#option-learningRate").BlurAsync();

        await Expect(page.Locator(".failure")).ToContainTextAsync("learningRate: '0,002' is not a number");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true })).ToBeDisabledAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>A shared link must not start something else than it says.</summary>
    [Fact]
    public async Task Address_WithAnUnknownPresetAndOption_IsNotLaunchedUnasked()
    {
        var page = await dashboard.OpenAsync("/new?method=cam&preset=bar&set=foo%3D1");
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "CAM baseline has no preset 'bar'" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "foo: CAM baseline has no such option." })).ToBeVisibleAsync();
        var launch = page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true });
        await Expect(launch).ToBeDisabledAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Go on without" }).ClickAsync();
        await Expect(launch).ToBeEnabledAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Method_LeftAndComeBackTo_HasItsChangesStill()
    {
        var page = await dashboard.OpenAsync("/new?method=cam&preset=builtin&set=batchSize%3D8&groups=open");
        await page.GetByRole(AriaRole.Radio, new() { Name = "CLIMS" }).CheckAsync();
        await Expect(page).ToHaveURLAsync(new Regex("method=clims"));
        await Expect(page).Not.ToHaveURLAsync(new Regex("set="));
        await page.GetByRole(AriaRole.Radio, new() { Name = "CAM baseline" }).CheckAsync();

        await Expect(page.Locator("#option-batchSize")).ToHaveValueAsync("8");
        await Expect(page).ToHaveURLAsync(new Regex("set=batchSize%3D8"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Device_IsChosenOfWhatThereIs()
    {
        var page = await dashboard.OpenAsync("/new?device=cuda");
        var device = page.GetByLabel("Device", new() { Exact = true });

        await Expect(device.Locator("option")).ToContainTextAsync(["cpu", "cuda · not found on this machine"]);
        await device.SelectOptionAsync("cpu");
        await Expect(page).Not.ToHaveURLAsync(new Regex("device="));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Preset_ThatDoesNotFitTheDataSet_SaysSoBeforeTheLaunch()
    {
        var page = await dashboard.OpenAsync("/new?method=cam&preset=paper&dataset=cooccurrence");

        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Preset" })).ToContainTextAsync(
            "As it is, this preset cannot be launched on cooccurrence: trainSplit: cooccurrence has no split 'train_aug'");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Launch", Exact = true })).ToBeDisabledAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Seeds_Several_AreLaunchedTogetherAndLaidSideBySide()
    {
        var page = await dashboard.OpenAsync("/new?method=cam&preset=builtin&dataset=cooccurrence&seed=0-1&set=epochs%3D1");
        await Expect(page.GetByText("2 runs: time unknown")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Launch 2 runs" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex("group=seeds-"));
        await Expect(page.Locator("main")).ToContainTextAsync("seed 1");
        await page.Context.CloseAsync();
    }

    /// <summary>The ring around the focused button must not lie over the value that it would bring back.</summary>
    [Fact]
    public async Task Reset_WithTheFocus_LeavesTheOldValueReadable()
    {
        var page = await dashboard.OpenAsync("/new?method=clims&preset=builtin&dataset=cooccurrence&groups=open", width: 390);
        await page.Locator("#option-promptTemplate").FillAsync("a {}");
        await page.Locator("#option-promptTemplate").PressAsync("Tab");
        var reset = page.GetByRole(AriaRole.Button, new() { Name = "Reset Prompt template" });
        // It appears with the answer to the change.
        await Expect(reset).ToBeVisibleAsync();
        await page.Locator("#option-promptTemplate").FocusAsync();
        await page.Keyboard.PressAsync("Tab");
        await Expect(reset).ToBeFocusedAsync();

        Assert.False(await reset.EvaluateAsync<bool>("""
            button => {
                const text = document.createRange(), ring = button.getBoundingClientRect();
                const { outlineWidth, outlineOffset } = getComputedStyle(button);
                const out = parseFloat(outlineWidth) + parseFloat(outlineOffset);
                text.selectNodeContents([...button.parentElement.childNodes]
                    .find(node => node.nodeType === Node.TEXT_NODE && node.data.includes("was")));
                return [...text.getClientRects()].some(({ left, right, top, bottom }) =>
                    left < ring.right + out && right > ring.left - out && top < ring.bottom + out && bottom > ring.top - out);
            }
            """));
        await page.Context.CloseAsync();
    }
}
