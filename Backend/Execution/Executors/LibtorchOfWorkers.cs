using System.Text.Json;
using Dashboard.Backend.Libtorch;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Executors;

/// <summary>The libtorch that workers of this machine will load, as a process that ends at once reports it: the web process loads none.</summary>
public sealed class LibtorchOfWorkers(DashboardProgram program)
{
    private Task<LibtorchReport?>? _asked;

    /// <summary>Null as long as it is not known.</summary>
    public LibtorchReport? Report => _asked is { IsCompletedSuccessfully: true, Result: var report } ? report : null;

    /// <summary>Whether the process has ended; it may have said nothing that can be read.</summary>
    public bool IsAsked => _asked is { IsCompleted: true };

    /// <summary>Asks, once.</summary>
    /// <returns>Null where the process said nothing that can be read; workers will say it then.</returns>
    public Task<LibtorchReport?> AskAsync() => _asked ??= Task.Run(RunAsync);

    private async Task<LibtorchReport?> RunAsync()
    {
        try
        {
            using var process = program.StartDevices();
            var report = await process.Output.ReadToEndAsync().ConfigureAwait(false);
            await process.WaitForExitAsync().ConfigureAwait(false);
            return JsonSerializer.Deserialize<LibtorchReport>(report, RunJson.Line);
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }
}
