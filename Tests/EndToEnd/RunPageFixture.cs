using Dashboard.Backend.Runs;
using Dashboard.Tests.Web;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The real server with a data folder of its own, and a real Chromium in front of it.</summary>
public class RunPageFixture : IAsyncLifetime
{
    private HostedServer _server = null!;
    private Chromium? _chromium;
    private int _runs;

    public DataFolder Data => _server.Data;

    public string Address => _server.Address;

    public virtual async Task InitializeAsync()
    {
        _server = await HostedServer.StartAsync();
        _chromium = await Chromium.TakeAsync();
    }

    /// <inheritdoc cref="HostedServer.StartAsync()"/>
    public Task StartAsync() => _server.StartAsync();

    /// <inheritdoc cref="HostedServer.StopAsync"/>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>A window of its own; its context is the caller's to close.</summary>
    /// <param name="onError">Called with what went wrong in the page's scripts.</param>
    public async Task<IPage> OpenAsync(string path, int width, bool dark, Action<string> onError)
    {
        var page = await _chromium!.NewPageAsync(Address, width, dark);
        page.PageError += (_, error) => onError(error);
        await page.GotoAsync($"/{path}");
        return page;
    }

    /// <summary>A run that has started, under an identifier of its own.</summary>
    public FabricatedRun NewRun(string? name = null, int stepsPerEpoch = 50, double difficulty = 1, string? baseline = null, string? group = null)
    {
        var id = $"20260101-{Interlocked.Increment(ref _runs):000000}-{(baseline is null ? "cam" : "clims")}-page";
        return new FabricatedRun(Data, id, name, stepsPerEpoch: stepsPerEpoch, difficulty: difficulty, baseline: baseline, group: group).Start();
    }

    public async Task DisposeAsync()
    {
        if (_chromium is not null)
            await _chromium.DisposeAsync();
        await _server.DisposeAsync();
    }
}

/// <summary>One of its tests restarts the server, so they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RunPageCollection : ICollectionFixture<RunPageFixture>
{
    public const string Name = "run page";
}
