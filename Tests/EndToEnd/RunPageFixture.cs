using Dashboard.Backend.Runs;
using Dashboard.Web.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Dashboard.Tests.EndToEnd;

/// <summary>The real server with a data folder of its own, and a real Chromium in front of it.</summary>
public class RunPageFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-page-").FullName;
    private WebApplication? _app;
    private Chromium? _chromium;
    private int _runs;

    public DataFolder Data { get; private set; } = null!;

    public string Address { get; private set; } = "http://127.0.0.1:0";

    public virtual async Task InitializeAsync()
    {
        Data = new DataFolder(_folder);
        await StartAsync();
        _chromium = await Chromium.TakeAsync();
    }

    /// <summary>On the same port as before.</summary>
    public async Task StartAsync()
    {
        _app = DashboardServer.Build(Data, Address);
        await _app.StartAsync();
        Address = _app.Urls.Single();
    }

    /// <summary>At once: open connections are cut.</summary>
    public async Task StopAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app!.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

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
        if (_app is not null)
            await _app.DisposeAsync();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A request that was cut may still be writing its scores; the system's temporary folder is emptied anyway.
        }
    }
}

/// <summary>One of its tests restarts the server, so they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class RunPageCollection : ICollectionFixture<RunPageFixture>
{
    public const string Name = "run page";
}
