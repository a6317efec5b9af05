using System.Diagnostics;
using Dashboard.Backend.Execution;
using Dashboard.Tests.Execution;

namespace Dashboard.Tests.Web;

/// <summary>A real dashboard process on a free port, with a data folder of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, DataFolder data, string announced)
    {
        (_process, Data) = (process, data);
        var address = new Uri(announced);
        Token = address.Query.StartsWith("?token=", StringComparison.Ordinal) ? address.Query["?token=".Length..] : null;
        Address = $"http://127.0.0.1:{address.Port}";
    }

    public DataFolder Data { get; }

    /// <summary>On this machine, without a slash at the end.</summary>
    public string Address { get; }

    /// <summary>As it was printed; null where none is needed.</summary>
    public string? Token { get; }

    public static async Task<ServerProcess> StartAsync(string urls = "http://127.0.0.1:0")
    {
        var data = new DataFolder(Directory.CreateTempSubdirectory("dashboard-server-").FullName);
        var process = Process.Start(new ProcessStartInfo(TestProgram.Path, ["serve", "--urls", urls, "--data", data.Path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith("Dashboard: ", StringComparison.Ordinal))
                continue;
            _ = process.StandardOutput.ReadToEndAsync();
            return new ServerProcess(process, data, line["Dashboard: ".Length..]);
        }
        throw new InvalidOperationException($"The dashboard did not start: {await errors}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        foreach (var path in Directory.Exists(Data.Runs) ? Directory.GetDirectories(Data.Runs) : [])
            WorkerLock.Holder(new RunFolder(path), TimeProvider.System)?.Send(UnixSignal.Kill);
        try
        {
            Directory.Delete(Data.Path, recursive: true);
        }
        catch (IOException)
        {
            // A worker that has just been killed may still be writing; the system's temporary folder is emptied anyway.
        }
    }
}
