using System.Globalization;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli;

/// <summary>The stages of a pipeline on a terminal: a table that redraws itself below the lines that stay.</summary>
internal sealed class StageTable(TextWriter output, TimeProvider time, IReadOnlyList<PlannedRun> plan)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, Row> _rows = plan.ToDictionary(run => run.Spec.Id, run => new Row(run.Step == PlanStep.Reuse ? "reused" : "waits"));
    private readonly Lock _sync = new();
    private long _drawn;
    private int _lines;

    public IRunDisplay Of(PlannedRun run) => new RowDisplay(this, run.Spec.Id);

    public void Set(PlannedRun run, string state, double? miou = null)
    {
        var row = _rows[run.Spec.Id];
        _rows[run.Spec.Id] = row with { State = state, Miou = miou ?? row.Miou };
        Draw(inAnyCase: true);
    }

    private void Show(string id, RunEvent next, RunProjection projection)
    {
        var row = _rows[id];
        _rows[id] = next switch
        {
            RunProgress progress => row with { State = $"{progress.Stage} {progress.Fraction:P0}", Active = projection.Active },
            RunEvaluated => row with { Miou = MainScore.Of(projection.Evaluations)?.Miou, Active = projection.Active },
            _ => row with { Active = projection.Active },
        };
        if (next is RunLog { Level: not "info" } log)
            Say($"{log.Level}: {log.Message}");
        Draw(inAnyCase: next is RunEvaluated);
    }

    private void Say(string line)
    {
        lock (_sync)
        {
            Erase();
            output.WriteLine(line);
        }
        Draw(inAnyCase: true);
    }

    private void Draw(bool inAnyCase)
    {
        lock (_sync)
        {
            if (!inAnyCase && time.GetElapsedTime(_drawn) < Pace)
                return;
            _drawn = time.GetTimestamp();
            Erase();
            var width = Console.WindowWidth > 1 ? Console.WindowWidth - 1 : 79;
            foreach (var run in plan)
            {
                var row = _rows[run.Spec.Id];
                var miou = row.Miou is { } value ? string.Create(CultureInfo.InvariantCulture, $"mIoU {100 * value:0.00}") : "";
                var line = $"{run.Stage ?? run.Spec.Method,-12} {row.State,-28} {miou,-12} {(row.Active is { } active ? $"{active.TotalSeconds:0} s" : ""),8}  {run.Spec.Id}";
                output.WriteLine(line.Length > width ? line[..width] : line);
            }
            _lines = plan.Count;
        }
    }

    /// <summary>Up to the table's first line, and away with all below.</summary>
    private void Erase()
    {
        if (_lines > 0)
            output.Write($"\u001b[{_lines}A\u001b[J");
        _lines = 0;
    }

    private sealed record Row(string State, double? Miou = null, TimeSpan? Active = null);

    private sealed class RowDisplay(StageTable table, string id) : IRunDisplay
    {
        public void Show(RunEvent next, RunProjection projection) => table.Show(id, next, projection);

        public void Say(string line) => table.Say(line);

        public void Close()
        {
            // The table stays, for the next stage.
        }
    }
}
