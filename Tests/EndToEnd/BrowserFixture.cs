using Dashboard.Tests.Web;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>A real dashboard process, and a real Chromium in front of it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private Chromium? _chromium;

    public ServerProcess Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ServerProcess.StartAsync();
        _chromium = await Chromium.LaunchAsync();
    }

    /// <summary>A window of its own, as a new visitor has it.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false)
    {
        var page = await _chromium!.NewPageAsync(Server.Address, width, dark);
        await page.GotoAsync(path);
        await page.Locator("h1").WaitForAsync();
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        await Server.DisposeAsync();
    }
}
