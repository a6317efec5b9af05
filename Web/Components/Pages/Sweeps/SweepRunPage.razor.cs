using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Sweeps;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Sweeps;

/// <summary>A launched sweep, live: its points as parallel coordinates and as a table, the best one, and what may follow it.</summary>
public sealed partial class SweepRunPage : IDisposable
{
    private SweepRecord? _record;
    private SweepReport? _report;
    private bool _isRead;

    /// <summary>Counts the looks at the record: what an outdated one brings is dropped.</summary>
    private int _look;

    private string? _problem;
    private bool _busy;
    private StoreWatch? _changes;

    [Parameter] public required string Group { get; set; }

    [Inject] private SweepLaunch Launch { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private string Title => _report is null ? "Sweep" : _report.Name ?? $"Sweep of {TitleOf(_report.Target)}";

    private string Again => AddressOf(_record!.Request.Axes ?? [], string.Join(',', SweepPlan.SeedsOf(_record.Request)), whole: true);

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(RefreshAsync));

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        var (look, group) = (++_look, Group);
        // Read anew: the dashboard takes it from rung to rung.
        var (record, report) = await Task.Run(() =>
            Launch.Find(group) is { } found ? (found, Launch.Report(found)) : default((SweepRecord?, SweepReport?)));
        if (look == _look)
            (_record, _report, _isRead) = (record, report, true);
    }

    private Task StopAsync() => DoAsync(() => Task.Run(() => Launch.StopAsync(_record!)));

    private Task ResumeAsync() => DoAsync(() => Task.Run(() => Launch.ResumeAsync(_record!)));

    private async Task DoAsync(Func<Task> action)
    {
        (_busy, _problem) = (true, null);
        try
        {
            await action();
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            _problem = error.Message;
        }
        finally
        {
            _busy = false;
            await LoadAsync();
        }
    }

    /// <summary>The form of a sweep of this one point.</summary>
    private string WithSeeds(SweptPoint point) =>
        AddressOf(point.Values.Select(value => $"{value.Key}={OptionField.Format(value.Value)}"), "0,1,2", whole: false);

    /// <param name="whole">With what belongs to the choice of points.</param>
    private string AddressOf(IEnumerable<string> axes, string seeds, bool whole)
    {
        var request = _record!.Request;
        var values = new List<(string Name, string? Value)>
        {
            ("target", request.Target), ("dataset", request.Dataset), ("preset", request.Preset), ("device", request.Device), ("seeds", seeds),
            ("name", whole ? request.Name : null), ("sampling", whole ? request.Sampling?.ToString().ToLowerInvariant() : null),
            ("points", whole ? request.Points?.ToString() : null), ("halving", whole && request.Halving ? "on" : null),
            ("ablation", whole && request.Ablation ? "on" : null),
        };
        values.AddRange(axes.Select(axis => ("axis", (string?)axis)));
        values.AddRange((request.Set ?? []).Select(assignment => ("set", (string?)assignment)));
        return "sweep?" + string.Join('&', values.Where(value => value.Value is not null)
            .Select(value => $"{value.Name}={Uri.EscapeDataString(value.Value!)}"));
    }

    private static string Described(SweepReport report)
    {
        var runs = report.Points.SelectMany(point => point.Runs).ToList();
        var ended = report.Points.Count(point => point.Ended);
        return $"{TitleOf(report.Target)} on {report.Dataset}, {report.Device} · {report.Points.Count} points of "
            + $"{string.Join(", ", report.Axes)} · {runs.Count(run => run.State == RunState.Finished)} of {runs.Count} runs have finished"
            + (report.Rungs.Count > 1 ? $" · rung {report.Rung + 1} of {report.Rungs.Count}, {report.Rungs[report.Rung]} epochs" : "")
            + (ended > 0 ? $" · {ended} points ended early" : "") + $" · {report.Group}";
    }

    private static string TitleOf(string target) => MethodCatalog.Find(target)?.Title ?? PipelineCatalog.Find(target)?.Title ?? target;

    private static string Values(SweptPoint point) =>
        string.Join(", ", point.Values.Select(value => $"{value.Key} {OptionField.Format(value.Value)}"));

    private static string Score(SweptPoint point) => point switch
    {
        { Miou: null } => "",
        { Runs.Count: 1 } => Format.Percent(point.Miou),
        _ => $"{Format.Percent(point.Miou)} ({Format.Percent(point.Lowest)} to {Format.Percent(point.Highest)})",
    };

    private static string StateOf(SweptPoint point)
    {
        var states = point.Runs.GroupBy(run => run.State).Select(same =>
            $"{(point.Runs.Count > 1 ? $"{same.Count()} " : "")}{same.Key?.ToString().ToLowerInvariant() ?? "deleted"}");
        var share = point.Runs.Any(run => run.State == RunState.Running) ? $", {100 * point.Runs.Average(run => run.Fraction):0} %" : "";
        return string.Join(", ", states) + share;
    }

    public void Dispose() => _changes?.Dispose();
}
