using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>What a visitor does and sees on the Compare page.</summary>
internal static class ComparePage
{
    /// <summary>Thumbnails are loaded when they come near the screen; for a picture of the whole page all are wanted.</summary>
    public static async Task LoadThumbnails(IPage page)
    {
        await page.EvaluateAsync("() => document.querySelectorAll('.images img').forEach(image => (image.loading = 'eager'))");
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.images img')].every(image => image.complete && image.naturalWidth > 0)");
    }

    public static string Part(int pane, string part) => $"[data-pane=\"{pane}\"] [data-part={part}]";

    /// <summary>The grid is sorted, and every source has painted the image that is chosen in it.</summary>
    public static async Task ExpectDrawn(IPage page, int panes)
    {
        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(panes);
        await Expect(page.Locator(".film .images li").First).ToBeVisibleAsync();
        // The title comes with Blazor's rendering; the panes' module loads the image's files after it.
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.viewer').dataset.image === document.querySelector('#viewer-title').textContent");
        await Expect(page.Locator(".viewer[aria-busy]")).ToHaveCountAsync(0);
        await SettledFonts(page);
        await Frame(page);
        await Expect(page.Locator(Part(0, "iou"))).ToHaveTextAsync(new Regex(@"^\d+\.\d\d$"));
    }

    /// <summary>A font that comes later moves what the mouse is being led to.</summary>
    public static Task SettledFonts(IPage page) => page.EvaluateAsync("() => document.fonts.ready.then(() => {})");

    /// <summary>What was asked for is drawn in the next frame.</summary>
    public static Task Frame(IPage page) => page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");

    public static Task<string> Iou(IPage page, int pane) => page.Locator(Part(pane, "iou")).InnerTextAsync();

    /// <summary>What a pane shows, as one number.</summary>
    public static Task<double> Pixels(IPage page, int pane) => Pixels(page, $"[data-pane=\"{pane}\"] canvas");

    /// <summary>What the swiped sources show, as one number.</summary>
    public static Task<double> SwipePixels(IPage page) => Pixels(page, ".stage canvas");

    /// <summary>As a hand does it: many input events, then one change.</summary>
    public static Task MoveSlider(IPage page, int pane, double threshold) => page.Locator(Part(pane, "slider")).EvaluateAsync("""
        async (slider, to) => {
            const from = Number(slider.value);
            for (let step = 1; step <= 10; step++) {
                slider.value = from + (to - from) * step / 10;
                slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
                await new Promise(requestAnimationFrame);
            }
            slider.dispatchEvent(new Event("change", { bubbles: true }));
            await new Promise(requestAnimationFrame);
        }
        """, threshold);

    /// <summary>With the mouse, from the middle to a share of the stage's width.</summary>
    public static async Task DragDivider(IPage page, float to)
    {
        await page.Locator(".stage").ScrollIntoViewIfNeededAsync();
        var stage = (await page.Locator(".stage").BoundingBoxAsync())!;
        var middle = stage.Y + stage.Height / 2;
        await page.Mouse.MoveAsync(stage.X + stage.Width / 2, middle);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(stage.X + stage.Width * to, middle, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await Expect(page.GetByRole(AriaRole.Slider, new() { Name = "Divider" }))
            .ToHaveAttributeAsync("aria-valuenow", (100 * to).ToString("0", CultureInfo.InvariantCulture));
        await Frame(page);
    }

    /// <summary>The identifiers in the strip, in its order.</summary>
    public static ILocator GridImages(IPage page) => page.Locator(".images .id > span:first-child");

    /// <summary>What stands beside them: the number that the strip is sorted by.</summary>
    public static ILocator GridKeys(IPage page) => page.Locator(".images .id > b");

    /// <summary>mIoU by image, 0..1, as the API tells it, in the order of the split.</summary>
    /// <param name="threshold">Null: the run's own.</param>
    public static async Task<IReadOnlyList<(string Image, double Miou)>> ScoresAsync(IPage page, string source, double? threshold = null)
    {
        var answer = await page.APIRequest.GetAsync(
            $"/api/compare/{source}/scores{(threshold is null ? "" : $"?threshold={threshold.Value.ToString(CultureInfo.InvariantCulture)}")}");
        return [.. (await answer.JsonAsync())!.Value.GetProperty("images")
            .EnumerateArray()
            .Select(image => (image.GetProperty("id").GetString()!, image.GetProperty("miou").GetDouble()))];
    }

    /// <summary>By how much the first scores are above the second, most first; equals stay in the order of the split.</summary>
    public static IReadOnlyList<(string Image, double Difference)> ByDifference(IReadOnlyList<(string Image, double Miou)> first,
        IReadOnlyList<(string Image, double Miou)> second)
    {
        var other = second.ToDictionary(score => score.Image, score => score.Miou, StringComparer.Ordinal);
        return [.. first.Select(score => (score.Image, Difference: score.Miou - other[score.Image])).OrderByDescending(image => image.Difference)];
    }

    /// <summary>"+12.3".</summary>
    public static string Points(double difference) => (100 * difference).ToString("+0.0;−0.0", CultureInfo.InvariantCulture);

    private static Task<double> Pixels(IPage page, string canvas) => page.Locator(canvas).EvaluateAsync<double>("""
        canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let sum = 0;
            for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]) % 2147483647;
            return sum;
        }
        """);
}
