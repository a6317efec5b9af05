using Dashboard.Backend.Runs;
using Dashboard.Tests.Runs;
using Dashboard.Web.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Web;

/// <summary>
/// The real server on a free port, with a data folder of its own, in this process: started and warmed up in a tenth of the time that a process of its
/// own takes. Its workers are processes. What ends, freezes or measures the server, or reads what it prints, needs a <see cref="ServerProcess"/>.
/// </summary>
public sealed class HostedServer : IAsyncDisposable
{
    private readonly string _program;
    private WebApplication? _app;

    private HostedServer(string program) => _program = program;

    public DataFolder Data { get; } = new(Directory.CreateTempSubdirectory("dashboard-hosted-").FullName);

    /// <summary>On this machine, without a slash at the end; the same after a restart.</summary>
    public string Address { get; private set; } = "http://127.0.0.1:0";

    /// <summary>Of <see cref="Address"/>.</summary>
    public HttpClient Client { get; } = new();

    /// <param name="prepare">Puts into the data folder what is there before the server starts.</param>
    /// <param name="program">What workers are started with; the tests' own executable by default, whose workers execute
    /// <see cref="CountingMethod"/>.</param>
    public static async Task<HostedServer> StartAsync(Action<DataFolder>? prepare = null, string? program = null)
    {
        var server = new HostedServer(program ?? TestProgram.Path);
        prepare?.Invoke(server.Data);
        await server.StartAsync();
        return server;
    }

    /// <summary>On the same port and data folder, after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        _app = DashboardServer.Build(Data, Address, _program);
        await _app.StartAsync();
        Address = _app.Urls.Single();
        // It makes the folder of runs where there is none, which a test may take away.
        _app.Services.GetRequiredService<IRunStore>();
        // Fixed by its first request.
        Client.BaseAddress ??= new Uri(Address);
    }

    /// <summary>At once: open connections are cut. Its workers go on.</summary>
    public async Task StopAsync()
    {
        if (_app is null)
            return;
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        ProcessesOf.Kill(Data);
        try
        {
            Directory.Delete(Data.Path, recursive: true);
        }
        catch (IOException)
        {
            // A worker that has just been killed, or a request that was cut, may still be writing; the system's temporary folder is emptied anyway.
        }
    }
}
