using Dashboard.Tests.Web;
using Dashboard.Web.Server;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>A real dashboard process, and a real Chromium in front of it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string Screenshots = Directory.CreateDirectory(Path.Combine(ContentRoot.Find(), "artifacts", "screenshots")).FullName;

    private const int Patience = 60_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // The machine may be busy with other tests: what must come may take its time.
        Assertions.SetDefaultExpectTimeout(Patience);
        Server = await ServerProcess.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A window of its own, as a new visitor has it.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Server.Address,
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        await page.Locator("h1").WaitForAsync();
        return page;
    }

    public static Task ScreenshotAsync(IPage page, string name) => page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, name + ".png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await Server.DisposeAsync();
    }
}
