using System.Globalization;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli;

/// <summary>Progress on standard error: a bar that redraws itself on a terminal, a line now and then elsewhere.</summary>
internal sealed class ProgressDisplay(TextWriter output, TimeProvider time) : IRunDisplay
{
    private static readonly TimeSpan BarPace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePace = TimeSpan.FromSeconds(10);
    private const int BarWidth = 24;

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly Lock _sync = new();
    private long _drawn;
    private string? _stage;
    private int _epoch = -1;
    private bool _hasBar;

    public void Show(RunEvent next, RunProjection projection)
    {
        switch (next)
        {
            case RunProgress progress:
                Draw(progress, projection);
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

    public void Say(string line)
    {
        lock (_sync)
        {
            Erase();
            output.WriteLine(line);
        }
    }

    public void Close()
    {
        lock (_sync)
            Erase();
    }

    private void Draw(RunProgress progress, RunProjection projection)
    {
        lock (_sync)
        {
            var isNew = progress.Stage != _stage || (!_isTerminal && progress.Epoch != _epoch);
            if (!isNew && _drawn != 0 && time.GetElapsedTime(_drawn) < (_isTerminal ? BarPace : LinePace))
                return;
            (_drawn, _stage, _epoch) = (time.GetTimestamp(), progress.Stage, progress.Epoch);
            var text = Describe(progress, projection.Metric("loss")?.Last);
            if (!_isTerminal)
            {
                output.WriteLine(text);
                return;
            }
            var filled = (int)(BarWidth * Math.Clamp((double)progress.Step / Math.Max(1, progress.Steps), 0, 1));
            var line = $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}";
            var width = Console.WindowWidth > 1 ? Console.WindowWidth - 1 : 79;
            output.Write($"\r{(line.Length > width ? line[..width] : line.PadRight(width))}");
            _hasBar = true;
        }
    }

    private static string Describe(RunProgress progress, double? loss)
    {
        var parts = new List<string> { progress.Stage, $"{progress.Step}/{progress.Steps}" };
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

    private void Erase()
    {
        if (_hasBar)
            output.Write($"\r{new string(' ', Math.Max(1, Console.WindowWidth - 1))}\r");
        _hasBar = false;
    }
}
