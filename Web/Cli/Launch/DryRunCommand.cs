using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Cli.Launch;

/// <summary><c>train METHOD --dry-run</c>: what one batch costs; and with <c>--fit-batch</c> the largest one that fits.</summary>
internal sealed class DryRunCommand(CommandContext context, bool json)
{
    private const string BatchSize = "batchSize";

    /// <summary>Of the memory that is free: another program may want some.</summary>
    private const double Share = 0.9;

    /// <returns>The exit code.</returns>
    public async Task<int> MeasureAsync(RunSpec spec)
    {
        using var stop = StopSignal.OfProcess();
        Print(spec, await DryRuns.MeasureAsync(spec, context.Data, context.Program, stop.Token));
        return DashboardCommand.Done;
    }

    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidRunException">The method trains in no batches, or not even one image fits.</exception>
    public async Task<int> FitAsync(RunSpec spec)
    {
        var field = MethodCatalog.Get(spec.Method).Schema.Fields.FirstOrDefault(field => field.Name == BatchSize)
            ?? throw new InvalidRunException("fitBatch", $"--fit-batch: {spec.Method} has no batchSize.");
        using var stop = StopSignal.OfProcess();
        var limit = spec.Device == "cpu" ? (long)(Share * ProcessMemory.Available()) : long.MaxValue;
        var largest = await new BatchFit(batch => TryAsync(spec, batch, stop.Token), limit).FindAsync((int)field.Max)
            ?? throw new InvalidRunException("fitBatch", $"Not even a batch of one image fits on {spec.Device}.");
        Print(With(spec, largest.Batch), largest.Report);
        return DashboardCommand.Done;
    }

    private static RunSpec With(RunSpec spec, int batch)
    {
        var options = spec.Options.DeepClone().AsObject();
        options[BatchSize] = batch;
        return spec with { Options = options };
    }

    /// <returns>Null where the batch did not fit, or there are fewer images.</returns>
    private async Task<DryRunReport?> TryAsync(RunSpec spec, int batch, CancellationToken stop)
    {
        try
        {
            var report = await DryRuns.MeasureAsync(With(spec, batch), context.Data, context.Program, stop);
            await Console.Error.WriteLineAsync($"batchSize {batch} fits: {Describe(report)}.");
            return report;
        }
        catch (InvalidRunException error) when (MemoryFailure.IsSaidBy(error.Message)
            || error.Message.StartsWith($"{BatchSize}:", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync($"batchSize {batch} does not: {error.Message}");
            return null;
        }
    }

    private void Print(RunSpec spec, DryRunReport report)
    {
        var batch = spec.Options[BatchSize]?.GetValue<int>();
        Console.WriteLine(json
            ? JsonResult.Of(new { batchSize = batch, report.SecondsPerStep, report.Steps, report.MemoryBytes, report.DeviceMemoryBytes,
                report.EstimatedSeconds })
            : $"{(batch is null ? "" : $"batchSize {batch}: ")}{Describe(report)}, {report.Steps} steps; the whole run takes about "
                + $"{Format.Seconds(report.EstimatedSeconds)}.");
    }

    private static string Describe(DryRunReport report) =>
        $"{report.SecondsPerStep:0.###} s a step, {Format.Bytes(report.MemoryBytes)} of memory"
            + $"{(report.DeviceMemoryBytes is { } gpu ? $", {Format.Bytes(gpu)} on the GPU" : "")}";
}
