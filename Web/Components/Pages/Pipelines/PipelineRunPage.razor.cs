using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Comparison;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Dashboard.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Dashboard.Web.Components.Pages.Pipelines;

/// <summary>A launched pipeline, live: its stages as a graph, and their masks of the same images.</summary>
public sealed partial class PipelineRunPage : IDisposable
{
    private readonly Dictionary<string, RunWatch> _watches = [];
    private PipelineRecord? _record;
    private PipelineReport? _report;
    private IReadOnlyList<ComparedMaps> _maps = [];
    private bool _isRead;
    private bool _isLeft;
    private string? _problem;
    private bool _busy;
    private StoreWatch? _changes;

    [Parameter] public required string Group { get; set; }

    [Inject] private PipelineLaunch Launch { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private string Title => _report is null ? "Pipeline" : _report.Name ?? PipelineCatalog.Find(_report.Pipeline)?.Title ?? _report.Pipeline;

    private string Again => QueryHelpers.AddQueryString("pipeline", new Dictionary<string, string?>
    {
        ["pipeline"] = _record!.Pipeline, ["dataset"] = _record.Request.Dataset, ["preset"] = _record.Request.Preset,
        ["seed"] = _record.Request.Seed?.ToString(),
        ["device"] = _record.Request.Device, ["choice"] = _record.Request.Choice,
    }) + string.Concat(PipelineAssignments.Write(_record.Request).Select(assignment => "&set=" + Uri.EscapeDataString(assignment)));

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(Refresh), id => _watches.ContainsKey(id));

    protected override async Task OnParametersSetAsync()
    {
        var group = Group;
        var record = await Task.Run(() => Launch.Find(group));
        if (_isLeft || group != Group)
            return;
        (_record, _isRead) = (record, true);
        var runs = _record?.Stages.Select(stage => stage.Run).ToHashSet() ?? [];
        foreach (var id in _watches.Keys.Except(runs).ToList())
            if (_watches.Remove(id, out var watch))
                watch.Dispose();
        foreach (var id in runs.Except(_watches.Keys))
            _watches[id] = new RunWatch(Store, id, Clock, () => InvokeAsync(Refresh));
        Load();
    }

    private void Refresh()
    {
        Load();
        StateHasChanged();
    }

    private void Load()
    {
        _report = _record is null ? null : Launch.Report(_record);
        _maps = _record is null ? [] : [
            .. _record.Stages.Select(stage => new ComparedMaps(stage.Run, stage.Stage, _watches[stage.Run].Digest.Snapshots,
                MethodCatalog.Find(stage.Method)?.Trains ?? true))];
    }

    private Task StopAsync() => DoAsync(() => Launch.StopAsync(_record!));

    private Task ResumeAsync() => DoAsync(() => Task.Run(() => Launch.Resume(_record!)));

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
            Load();
        }
    }

    /// <summary>Stages of this pipeline among the inputs of a stage's run.</summary>
    private IEnumerable<string> From(StageReport stage) => Store.Find(stage.Run) is { } run
        ? _record!.Stages.Where(other => run.Spec.Inputs.Values.Contains(other.Run)).Select(other => other.Stage)
        : [];

    /// <summary>The same image for all stages, as far as they show it: its label map, else a map of one class.</summary>
    private string? Picture(string run)
    {
        var image = _maps.SelectMany(maps => maps.Rows("mask").Concat(maps.Rows("cam"))).Select(row => row.Image).FirstOrDefault();
        if (image is null || _maps.FirstOrDefault(maps => maps.RunId == run) is not { } shown)
            return null;
        return shown.Url(image, "mask")
            ?? shown.Rows("cam").Where(row => row.Image == image).Select(row => shown.Url(image, "cam", row.Class)).FirstOrDefault()
            ?? shown.Rows("mask").Select(row => shown.Url(row.Image, "mask")).FirstOrDefault();
    }

    private static string Described(PipelineReport report) =>
        $"{PipelineCatalog.Find(report.Pipeline)?.Title ?? report.Pipeline} on {report.Dataset}, seed {report.Seed}, {report.Device} · "
        + $"{report.Stages.Count(stage => stage.State == RunState.Finished)} of {report.Stages.Count} stages have finished"
        + (report.Miou is { } miou ? $" · mIoU {Format.Percent(miou)} %" : "") + $" · {report.Group}";

    private static string TimeOf(StageReport stage) => stage switch
    {
        { State: RunState.Running, Eta: { } eta } => $"{Format.Seconds(eta)} left",
        { Seconds: { } seconds } => Format.Seconds(seconds),
        _ => "",
    };

    private static int Percent(StageReport stage) => (int)(100 * Math.Clamp(stage.Fraction, 0, 1));

    public void Dispose()
    {
        _isLeft = true;
        _changes?.Dispose();
        foreach (var watch in _watches.Values)
            watch.Dispose();
    }
}
