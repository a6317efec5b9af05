using Dashboard.Tests.Runs;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Web.Hubs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dashboard.Tests.Hubs;

/// <summary>
/// The hub on a real port over a real store: as much of the dashboard as its clients need. Can be stopped and started again on the same port.
/// </summary>
public sealed class HubHost(DataFolder data) : IAsyncDisposable
{
    private WebApplication? _app;
    private string _url = "http://127.0.0.1:0";

    public Uri Address => new($"{_url}/hubs/runs");

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(_url);
        // Made by the container, so that it ends with the host.
        builder.Services.AddSingleton<IRunStore>(_ => TemporaryData.OpenStore(data));
        builder.Services.AddRunsHub();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.MapRunsHub();
        await _app.StartAsync();
        _url = _app.Urls.Single();
    }

    /// <summary>Ends at once, as a process does that is killed: open connections are cut.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
