using Dashboard.Backend.Runs;
using Dashboard.Tests.Web;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The real server with a data folder of its own, whose workers count instead of training, and a real Chromium in front of it.</summary>
public class BrowserFixture : IAsyncLifetime
{
    private Chromium? _chromium;

    public HostedServer Server { get; private set; } = null!;

    /// <summary>What workers are started with; null: the tests' own executable.</summary>
    protected virtual string? Program => null;

    public async Task InitializeAsync()
    {
        Server = await HostedServer.StartAsync(BuiltInWorld.LinkInto, Program);
        _chromium = await Chromium.TakeAsync();
    }

    /// <inheritdoc cref="Chromium.OpenAsync"/>
    public Task<IPage> OpenAsync(string path, int width = 1280, bool dark = false, TimeSpan? delay = null) =>
        _chromium!.OpenAsync(Server.Address, path, width, dark, delay);

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        await Server.DisposeAsync();
    }
}
