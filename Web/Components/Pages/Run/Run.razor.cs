using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Chart;
using Dashboard.Web.Components.Pages.Run.Header;
using Dashboard.Web.Live;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Run;

/// <summary>One run, live: what it does, its curves, its maps, its results.</summary>
public sealed partial class Run : IDisposable
{
    /// <summary>As many as there are colours that can be told apart.</summary>
    private const int MaxRuns = 8;

    private RunWatch? _watch;
    private RunSummary? _summary;
    private RunDigest _digest = new();
    private IReadOnlyList<ChartRun> _charted = [];
    private IReadOnlyList<MetricGroup> _groups = [];
    private IReadOnlyList<MetricGroup> _system = [];
    private IReadOnlyList<string> _missing = [];
    private string? _shown;

    [Parameter] public required string Id { get; set; }

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    /// <summary>Runs laid over this one, separated by commas.</summary>
    private string? With => Address["with"];

    /// <summary>The open tab; anything unknown is the overview.</summary>
    private string Tab => Address["tab"] ?? RunHeader.Overview;

    /// <summary>The two charts that say most: how the losses fall, and what comes of it.</summary>
    private IReadOnlyList<MetricGroup> OverviewGroups
    {
        get
        {
            var first = _groups.FirstOrDefault(group => group.Name == "loss term") ?? (_groups.Count > 0 ? _groups[0] : null);
            var second = _groups.FirstOrDefault(group =>
                group.Name == "loss share") ?? _groups.FirstOrDefault(group => group.Name.Contains("mAP", StringComparison.Ordinal))
                ?? _groups.FirstOrDefault(group => group != first);
            return [.. new[] { first, second }.OfType<MetricGroup>().Distinct().Select(group => group.ByStep)];
        }
    }

    private string Title => _summary?.Spec.Title ?? Id;
    private bool IsLive => _summary?.State is RunState.Queued or RunState.Running;
    private bool Trains => MethodCatalog.Find(_summary?.Spec.Method)?.Trains ?? true;
    private string ChartKey => $"{Id} {With}";
    private int RunsAhead =>
        (_summary?.QueuePosition ?? 1) - 1 + Store.Live.Count(run => run.State == RunState.Running
            && new DeviceRequest(_summary?.Spec.Device ?? "").IsMetBy(run.Device));
    private RunSummary? WaitsFor =>
        _summary?.Spec.Inputs.Values.Select(Store.Find).FirstOrDefault(input => input is { State: not RunState.Finished });
    private string EmptyCurves => IsLive ? "The first values appear as soon as training begins." : "This run has reported no values.";
    private string EmptySnapshots =>
        IsLive ? $"Maps of a fixed set of images arrive at the end of {(Trains ? "each epoch" : "the split")}." : "This run has stored no snapshots.";

    protected override void OnParametersSet()
    {
        if (_shown == ChartKey)
            return;
        if (_shown is null || !_shown.StartsWith($"{Id} ", StringComparison.Ordinal))
        {
            _watch?.Dispose();
            _watch = new RunWatch(Store, Id, Clock, () => InvokeAsync(Load));
        }
        _shown = ChartKey;
        _charted = [];
        Load();
    }

    public void Dispose() => _watch?.Dispose();

    private void Load()
    {
        _summary = _watch!.Summary;
        _digest = _watch.Digest;
        if (_summary is null)
        {
            // Deleted while it was looked at: the page says so, and offers nothing that can only fail.
            StateHasChanged();
            return;
        }
        if (_charted.Count == 0 && _watch.IsLoaded)
            ChartRuns();
        _system = MetricGroup.OfSystem(Store.Metrics(Id));
        _groups = MetricGroup.Of(_charted.SelectMany(run => Store.Metrics(run.Id)), apart: _charted.Count > 1);
        StateHasChanged();
    }

    private void ChartRuns()
    {
        var others = (With ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(other =>
            other != Id).Distinct().ToList();
        var known = others.Select(Store.Find).OfType<RunSummary>().Take(MaxRuns - 1).ToList();
        _missing = [.. others.Where(other => Store.Find(other) is null)];
        _charted = [Chart(_summary!, _digest.StepsPerEpoch), .. known.Select(run => Chart(run, null))];
    }

    private ChartRun Chart(RunSummary run, double? stepsPerEpoch) =>
        new(run.Spec.Id, run.Spec.Title, run.LastSeq, [.. Store.Metrics(run.Spec.Id).Where(metric => !RunSystem.IsOwn(metric))], stepsPerEpoch,
            run.Started);

    private ChartRun Measured(ChartRun run) => run with { Metrics = [.. Store.Metrics(run.Id).Where(RunSystem.IsOwn)] };
}
