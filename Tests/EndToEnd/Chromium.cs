using System.Collections.Concurrent;
using System.Globalization;
using Dashboard.Web.Server;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>A real, headless Chromium.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Milliseconds. The machine may be busy with other tests: what must come may take its time.</summary>
    private const int Patience = 180_000;

    /// <summary>Milliseconds in each direction on every line that no test chose: makes rare races frequent.</summary>
    private static readonly TimeSpan Latency =
        TimeSpan.FromMilliseconds(double.Parse(Environment.GetEnvironmentVariable("DASHBOARD_TEST_LATENCY") ?? "0", CultureInfo.InvariantCulture));

    /// <summary>Without windows it does the same in two thirds of the time.</summary>
    private static readonly string[] Executables = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    /// <summary>Those whose tests are over. They end with this process.</summary>
    private static readonly ConcurrentBag<Chromium> Idle = [];

    private readonly ConcurrentDictionary<(string Server, TimeSpan Delay), SlowLine> _lines = [];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Screenshots and measurements, kept for people to look at.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Combine(ContentRoot.Find(), "artifacts", "screenshots")).FullName;

    /// <summary>The caller's alone until it is disposed. One whose tests are over is taken again: starting another costs more.</summary>
    public static async Task<Chromium> TakeAsync() => Idle.TryTake(out var idle) ? idle : await LaunchAsync();

    private static async Task<Chromium> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executables.First(File.Exists),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync"],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A window of its own, as a new visitor has it; its context is the caller's to close.</summary>
    /// <param name="address">The server's: what relative addresses begin with.</param>
    /// <param name="delay">Of the line to the server, in each direction.</param>
    public async Task<IPage> NewPageAsync(string address, int width = 1280, bool dark = false, TimeSpan? delay = null)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = (delay ?? Latency) is { Ticks: > 0 } slow ? _lines.GetOrAdd((address, slow),
                line => new SlowLine(line.Server, line.Delay)).Address : address,
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return await context.NewPageAsync();
    }

    /// <summary>A page of the dashboard with its heading, in a window of its own.</summary>
    /// <inheritdoc cref="NewPageAsync"/>
    public async Task<IPage> OpenAsync(string address, string path, int width = 1280, bool dark = false, TimeSpan? delay = null)
    {
        var page = await NewPageAsync(address, width, dark, delay);
        await page.GotoAsync(path);
        await page.Locator("h1").WaitForAsync();
        return page;
    }

    /// <summary>A picture of the page in each theme, as the system may change it at any time; in neither does it scroll sideways.</summary>
    public static async Task ScreenshotsAsync(IPage page, string name)
    {
        var width = page.ViewportSize!.Width;
        foreach (var (theme, scheme) in new[] { ("light", ColorScheme.Light), ("dark", ColorScheme.Dark) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
            await ScreenshotAsync(page, $"{name}-{width}-{theme}");
            await ExpectNoSidewaysScrollAsync(page, name);
        }
    }

    /// <param name="name">What is open.</param>
    public static async Task ExpectNoSidewaysScrollAsync(IPage page, string name) =>
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            $"{name} scrolls sideways at {page.ViewportSize!.Width} px");

    public static Task ScreenshotAsync(IPage page, string name, bool fullPage = true) =>
        page.ScreenshotAsync(
            new() { Path = Path.Combine(Artifacts, name + ".png"), FullPage = fullPage, Animations = ScreenshotAnimations.Disabled });

    /// <summary>Closes every window.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var context in _browser.Contexts.ToList())
            await context.CloseAsync();
        foreach (var line in _lines.Values)
            await line.DisposeAsync();
        _lines.Clear();
        if (_browser.IsConnected)
            Idle.Add(this);
        else
            _playwright.Dispose();
    }
}
