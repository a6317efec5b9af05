using System.Globalization;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Spectre.Console;

namespace Dashboard.Web.Cli.Display;

/// <summary>The stages of a pipeline on a terminal: a table below the lines that stay, redrawn in place.</summary>
internal sealed class StageTable : IAsyncDisposable
{
    private readonly IAnsiConsole _terminal;
    private readonly IReadOnlyList<PlannedRun> _plan;
    private readonly Dictionary<string, Row> _rows;
    private readonly Lock _sync = new();
    private readonly TaskCompletionSource<LiveDisplayContext> _begun = new();
    private readonly TaskCompletionSource _ended = new();
    private readonly Task _drawing;

    public StageTable(IAnsiConsole terminal, IReadOnlyList<PlannedRun> plan)
    {
        (_terminal, _plan) = (terminal, plan);
        _rows = plan.ToDictionary(run => run.Spec.Id, run => new Row(run.Step == PlanStep.Reuse ? "reused" : "waits"));
        _drawing = terminal.Live(Drawn()).StartAsync(async context =>
        {
            _begun.SetResult(context);
            await _ended.Task;
        });
    }

    public IRunDisplay Of(PlannedRun run) => new RowDisplay(this, run.Spec);

    public void Set(PlannedRun run, string state) => Change(run.Spec.Id, row => row with { State = state });

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _drawing;
    }

    private void Show(RunSpec spec, RunEvent next, RunProjection projection)
    {
        if (next is RunLog { Level: not "info" } log)
            Say($"{log.Level}: {log.Message}");
        Change(spec.Id, row => next switch
        {
            RunProgress progress =>
                row with { State = string.Create(CultureInfo.InvariantCulture, $"{progress.Stage}, {100 * progress.Fraction:0} %"),
                    Active = projection.Active },
            RunEvaluated => row with { Miou = MainScore.Of(spec, projection.Evaluations)?.Miou, Active = projection.Active },
            _ => row with { Active = projection.Active },
        });
    }

    private void Say(string line) => _terminal.WriteLine(line);

    private void Change(string id, Func<Row, Row> change)
    {
        lock (_sync)
        {
            _rows[id] = change(_rows[id]);
            _begun.Task.GetAwaiter().GetResult().UpdateTarget(Drawn());
        }
    }

    private Table Drawn()
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumns("Stage", "State");
        table.AddColumn(new TableColumn("mIoU").RightAligned())
            .AddColumn(new TableColumn("Seconds").RightAligned())
            .AddColumn(new TableColumn("Run").NoWrap());
        foreach (var run in _plan)
        {
            var row = _rows[run.Spec.Id];
            table.AddRow(new[]
            {
                run.Stage ?? run.Spec.Method, row.State,
                row.Miou is { } miou ? string.Create(CultureInfo.InvariantCulture, $"{100 * miou:0.00}") : "",
                row.Active is { } active ? string.Create(CultureInfo.InvariantCulture, $"{active.TotalSeconds:0}") : "", run.Spec.Id,
            }.Select(cell => new Text(cell)));
        }
        return table;
    }

    private sealed record Row(string State, double? Miou = null, TimeSpan? Active = null);

    private sealed class RowDisplay(StageTable table, RunSpec spec) : IRunDisplay
    {
        public void Show(RunEvent next, RunProjection projection) => table.Show(spec, next, projection);

        public void Say(string line) => table.Say(line);

        public void Close()
        {
            // The table stays, for the next stage.
        }
    }
}
