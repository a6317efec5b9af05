using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;

namespace Dashboard.Web.Cli.Launch;

/// <summary>Executes a run in a worker of its own and shows its progress until it ends.</summary>
internal sealed class ForegroundRun(CommandContext context, RunFolder folder, RunSpec spec)
{
    /// <summary>Of <c>worker.log</c>, when a worker dies without a word.</summary>
    private const int LinesOfLog = 5;

    /// <param name="json">Whether the result is printed as a JSON object or as a sentence; null: not at all.</param>
    /// <param name="onlyFailure">Whether a result is printed only where the run fails: another run is to follow.</param>
    /// <param name="shared">Null: a progress bar of its own.</param>
    public async Task<int> ExecuteAsync(bool? json, bool onlyFailure = false, IRunDisplay? shared = null)
    {
        using var stop = StopSignal.OfProcess();
        var projection = RunProjection.Of(folder);
        var display = shared ?? new ProgressDisplay(context.Time);
        if (shared is null)
            display.Say($"Run {spec.Id} in {folder.Path}");

        using var worker = context.Program.StartWorker(folder, await DeviceAsync());
        var stopping = StopWhenAskedAsync(stop, display);
        await foreach (var next in EventLogFollower.ReadAsync(folder.Events, projection.LastSeq, _ => worker.HasExited, CancellationToken.None))
        {
            projection.Apply(next);
            display.Show(next, projection);
        }
        await worker.WaitForExitAsync();
        if (stop.Token.IsCancellationRequested)
            await stopping;
        QueueTicket.Remove(folder);

        var last = EventLogReader.ReadLast(folder.Events);
        var error = ErrorOf(last, worker);
        display.Close();
        if (error is not null)
            display.Say(error);
        if (json == true && (error is not null || !onlyFailure))
            Console.WriteLine(RunResult.Of(spec, folder, projection, error).ToJson());
        else if (json == false && error is null)
            Console.WriteLine(RunResult.Of(spec, folder, projection, error).ToText());
        return error is null ? DashboardCommand.Done : DashboardCommand.Failed;
    }

    /// <summary>Of any GPU, that with the fewest runs of this data folder; null: as the spec says.</summary>
    private async Task<string?> DeviceAsync()
    {
        var request = new DeviceRequest(spec.Device);
        if (!request.IsAnyGpu)
            return null;
        using var store = RunStore.Look(context.Data, context.Time);
        return await context.OpenExecutor()
            .ChooseAsync(request, [.. store.Live.Where(run => run.State == RunState.Running).Select(run => run.Device)]);
    }

    private async Task StopWhenAskedAsync(StopSignal stop, IRunDisplay display)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
        }
        catch (OperationCanceledException)
        {
            display.Say("Stopping ...");
            await new RunStopper(context.Time, RunStopper.DefaultGrace).StopAsync(folder);
        }
    }

    private string? ErrorOf(RunEvent? last, ChildProcess worker) => last switch
    {
        RunFinished => null,
        RunFailed failed => failed.Message,
        RunCancelled => $"The run was stopped. To go on with it: dashboard resume {spec.Id}",
        _ when worker.ExitCode == MemoryFailure.Killed => $"{MemoryFailure.SentenceOfKilled(spec)} To go on with the run: dashboard resume {spec.Id}",
        _ => string.Join(
            Environment.NewLine,
            [$"The worker ended without saying why (exit code {worker.ExitCode}). The end of {folder.WorkerLog}:", .. EndOfLog(),
                $"To go on with the run: dashboard resume {spec.Id}"]),
    };

    private IEnumerable<string> EndOfLog() =>
        File.Exists(folder.WorkerLog) ? File.ReadLines(folder.WorkerLog).TakeLast(LinesOfLog) : ["(there is none)"];
}
