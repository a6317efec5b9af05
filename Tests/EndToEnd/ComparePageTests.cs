using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The Compare page in a real browser, over finished runs whose maps the test has written.</summary>
public sealed class ComparePageTests(RunPageFixture dashboard, ITestOutputHelper output) : IClassFixture<RunPageFixture>, IAsyncLifetime
{
    private const string Frame = "[data-pane=\"{0}\"]";

    private static readonly Lock Making = new();
    private static FabricatedComparison? _small;

    private readonly List<IPage> _pages = [];
    private readonly ConcurrentQueue<string> _errors = [];

    private FabricatedComparison Small
    {
        get
        {
            lock (Making)
                return _small ??= new FabricatedComparison(dashboard.Data, "world", images: 40, size: 96);
        }
    }

    private string TwoRunsAndTruth => $"compare?sources=maps:{Small.Near.Id},maps:{Small.Spilling.Id},truth";

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>What went wrong in a page's scripts fails the test that opened it.</summary>
    public async Task DisposeAsync()
    {
        foreach (var page in _pages)
            await page.Context.CloseAsync();
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Threshold_Moved_RedrawsThePaneAndItsIouWithoutTheServer()
    {
        var page = await OpenAsync(TwoRunsAndTruth);
        await ExpectDrawn(page, panes: 3);
        var (iou, pixels) = (await Iou(page, 0), await Pixels(page, 0));
        var (otherIou, otherPixels) = (await Iou(page, 1), await Pixels(page, 1));

        // Without a connection nothing can come from the server.
        await page.Context.SetOfflineAsync(true);
        await MoveSlider(page, 0, 0.7);

        await Expect(page.Locator(Part(0, "iou"))).Not.ToHaveTextAsync(iou);
        Assert.NotEqual(pixels, await Pixels(page, 0));
        Assert.Equal((otherIou, otherPixels), (await Iou(page, 1), await Pixels(page, 1)));
        await page.Context.SetOfflineAsync(false);
    }

    private static string Part(int pane, string part) => $"{string.Format(CultureInfo.InvariantCulture, Frame, pane)} [data-part={part}]";

    private async Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false)
    {
        var page = await dashboard.OpenAsync(path, width, dark, _errors.Enqueue);
        _pages.Add(page);
        return page;
    }

    /// <summary>The scores are there, and every source has painted the image.</summary>
    private static async Task ExpectDrawn(IPage page, int panes)
    {
        await Expect(page.Locator("[data-pane]")).ToHaveCountAsync(panes);
        await Expect(page.Locator(Part(0, "iou"))).ToHaveTextAsync(new Regex(@"^\d+\.\d\d$"));
        await Expect(page.Locator(".grid .images li").First).ToBeVisibleAsync();
        await Expect(page.Locator(".viewer[aria-busy]")).ToHaveCountAsync(0);
    }

    private static Task<string> Iou(IPage page, int pane) => page.Locator(Part(pane, "iou")).InnerTextAsync();

    /// <summary>What the canvas shows, as one number.</summary>
    private static Task<double> Pixels(IPage page, int pane) => page.Locator($"[data-pane=\"{pane}\"] canvas").EvaluateAsync<double>("""
        canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let sum = 0;
            for (let i = 0; i < data.length; i++) sum = (sum * 31 + data[i]) % 2147483647;
            return sum;
        }
        """);

    /// <summary>As a hand does it: many input events, then one change.</summary>
    private static Task MoveSlider(IPage page, int pane, double threshold) => page.Locator(Part(pane, "slider")).EvaluateAsync("""
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
}
