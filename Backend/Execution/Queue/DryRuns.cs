using System.Text.Json;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>Executes one batch of a run in a process of its own, and keeps nothing of it.</summary>
public static class DryRuns
{
    /// <exception cref="InvalidRunException">The batch cannot be executed: says why.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was signalled; the process is gone.</exception>
    public static async Task<DryRunReport> MeasureAsync(RunSpec spec, DataFolder data, DashboardProgram program, CancellationToken stop)
    {
        var folder = RunFolder.Create(Path.Combine(data.DryRuns, spec.Id), spec);
        try
        {
            using var process = program.StartDryRun(folder);
            try
            {
                var (output, complaints) = (process.Output.ReadToEndAsync(stop), process.Errors.ReadToEndAsync(stop));
                await process.WaitForExitAsync(stop).ConfigureAwait(false);
                var report = (await output.ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
                if (process.ExitCode == 0 && report is not null)
                    return JsonSerializer.Deserialize<DryRunReport>(report, RunJson.Line)!;
                var reason = (await complaints.ConfigureAwait(false)).Trim();
                throw new InvalidRunException("dryRun",
                    reason.Length > 0 ? reason
                    : process.ExitCode == MemoryFailure.Killed ? MemoryFailure.SentenceOfKilled(spec)
                    : $"The dry run ended with exit code {process.ExitCode} and said nothing.");
            }
            finally
            {
                process.Kill();
            }
        }
        finally
        {
            Directory.Delete(folder.Path, recursive: true);
        }
    }
}
