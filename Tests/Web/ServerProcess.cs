using System.Diagnostics;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

/// <summary>A real dashboard process on a free port, with a data folder of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>
    /// Variables of a server that launches nothing: it finds no libtorch, and so spares the process that would load it to tell what there is.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Idle = new Dictionary<string, string> { ["DASHBOARD_LIBTORCH"] = "/no/such/folder" };

    private readonly string _program;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process _process = null!;

    private ServerProcess(string program, IReadOnlyDictionary<string, string> environment) => (_program, _environment) = (program, environment);

    public DataFolder Data { get; } = new(Directory.CreateTempSubdirectory("dashboard-server-").FullName);

    public int ProcessId => _process.Id;

    /// <summary>On this machine, without a slash at the end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Of <see cref="Address"/>; without the token.</summary>
    public HttpClient Client { get; } = new();

    /// <summary>As it was printed; null where none is needed.</summary>
    public string? Token { get; private set; }

    /// <param name="program">The executable; the tests' own by default, whose workers execute <see cref="CountingMethod"/>.</param>
    /// <param name="urls">Empty: no option is given.</param>
    /// <param name="environment">Variables that are set for it.</param>
    public static Task<ServerProcess> StartAsync(string urls = "http://127.0.0.1:0", string? program = null,
        IReadOnlyDictionary<string, string>? environment = null) =>
        StartAsync(_ => { }, urls, program, environment);

    /// <param name="prepare">Puts into the data folder what is there before the server starts.</param>
    public static async Task<ServerProcess> StartAsync(
        Action<DataFolder> prepare, string urls = "http://127.0.0.1:0", string? program = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var server = new ServerProcess(program ?? TestProgram.Path, environment ?? new Dictionary<string, string>());
        prepare(server.Data);
        await server.StartOnAsync(urls);
        return server;
    }

    /// <summary><c>kill -9</c>. Its workers go on.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>As systemd stops it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan patience)
    {
        await SignalAsync("TERM");
        using var waiting = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(waiting.Token);
        return _process.ExitCode;
    }

    /// <summary>While it lasts, nothing can come from the server: its process is stopped (<c>kill -STOP</c>), connections stay.</summary>
    public async Task WhileFrozenAsync(Func<Task> action)
    {
        await SignalAsync("STOP");
        try
        {
            await action();
        }
        finally
        {
            await SignalAsync("CONT");
        }
    }

    /// <summary>On the same port and data folder, after <see cref="KillAsync"/>.</summary>
    public Task RestartAsync() => StartOnAsync(Address);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await KillAsync();
        ProcessesOf.Kill(Data);
        try
        {
            Directory.Delete(Data.Path, recursive: true);
        }
        catch (IOException)
        {
            // A worker that has just been killed may still be writing; the system's temporary folder is emptied anyway.
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private async Task StartOnAsync(string urls)
    {
        var start =
            new ProcessStartInfo(_program, ["serve", .. urls == "" ? [] : (string[])["--urls", urls], "--data", Data.Path]) {
                RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        var errors = _process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith("Dashboard: ", StringComparison.Ordinal))
                continue;
            _ = _process.StandardOutput.ReadToEndAsync();
            var announced = new Uri(line["Dashboard: ".Length..].Split(' ')[0]);
            Token = announced.Query.StartsWith("?token=", StringComparison.Ordinal) ? announced.Query["?token=".Length..] : null;
            Address = $"http://127.0.0.1:{announced.Port}";
            // Fixed by its first request, and the same after a restart.
            Client.BaseAddress ??= new Uri(Address);
            return;
        }
        throw new InvalidOperationException($"The dashboard did not start: {await errors}");
    }
}
