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

    private readonly ConcurrentDictionary<(string Server, TimeSpan Delay), SlowLine> _lines = [];
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Screenshots and measurements, kept for people to look at.</summary>
    public static string Artifacts { get; } = Directory.CreateDirectory(Path.Combine(ContentRoot.Find(), "artifacts", "screenshots")).FullName;

    public static async Task<Chromium> LaunchAsync()
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

    public static Task ScreenshotAsync(IPage page, string name, bool fullPage = true) =>
        page.ScreenshotAsync(
            new() { Path = Path.Combine(Artifacts, name + ".png"), FullPage = fullPage, Animations = ScreenshotAnimations.Disabled });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        foreach (var line in _lines.Values)
            await line.DisposeAsync();
    }
}
