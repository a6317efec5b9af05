using System.Globalization;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Display;

/// <summary>A run's progress and messages on standard error: a bar on a terminal, a line now and then elsewhere.</summary>
internal sealed class ProgressDisplay(TimeProvider time) : IRunDisplay
{
    private readonly IProgressLine _line =
        Terminal.Error is { } terminal ? new ProgressBarLine(terminal) : new PlainProgressLine(Console.Error, time);

    public void Show(RunEvent next, RunProjection projection)
    {
        switch (next)
        {
            case RunProgress progress:
                _line.Show(progress, Describe(progress, projection.Metric("loss")?.Last));
                break;
            case RunLog log:
                Say(log.Level == "info" ? log.Message : $"{log.Level}: {log.Message}");
                break;
            case RunResumed resumed:
                Say($"Resumed after step {resumed.Step}.");
                break;
            case RunEvaluated evaluated:
                Say(string.Create(CultureInfo.InvariantCulture, $"{evaluated.Row}: mIoU {100 * evaluated.Miou:0.00} ({evaluated.Protocol.Key})"));
                break;
        }
    }

    public void Say(string line) => _line.Say(line);

    public void Close() => _line.Dispose();

    private static string Describe(RunProgress progress, double? loss)
    {
        var parts = new List<string> { progress.Stage };
        if (progress.Steps > 0)
            parts.Add($"{progress.Step}/{progress.Steps}");
        if (progress.Epochs > 1)
            parts.Add($"epoch {progress.Epoch}/{progress.Epochs}");
        if (loss is { } value)
            parts.Add($"loss {value:0.0000}");
        if (progress.ImagesPerSecond is { } speed)
            parts.Add($"{speed:0} images/s");
        if (progress.Eta is { } eta && eta < TimeSpan.MaxValue.TotalSeconds)
            parts.Add($"ETA {TimeSpan.FromSeconds(Math.Max(0, Math.Round(eta))):g}");
        return string.Join("  ", parts);
    }
}

/// <summary>How far a run is, among the lines that it says.</summary>
internal interface IProgressLine : IDisposable
{
    /// <param name="text">The stage, its steps, and what else is known.</param>
    void Show(RunProgress progress, string text);

    /// <summary>A line that stays.</summary>
    void Say(string line);
}
