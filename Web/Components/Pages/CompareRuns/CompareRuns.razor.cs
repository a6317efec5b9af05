using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Chart;
using Dashboard.Web.Components.Comparison;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Live;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.CompareRuns;

/// <summary>Several runs side by side, live: numbers, curves, and the same images' maps.</summary>
public sealed partial class CompareRuns : IDisposable
{
    /// <summary>As many as there are colours that can be told apart.</summary>
    private const int MaxRuns = 8;

    private readonly Dictionary<string, RunWatch> _watches = [];
    private IReadOnlyList<ComparedRun> _rows = [];
    private IReadOnlyList<ComparedMaps> _maps = [];
    private IReadOnlyList<ChartRun> _charted = [];
    private IReadOnlyList<MetricGroup> _groups = [];
    private IReadOnlyList<string> _missing = [];
    private int _leftOut;
    private long _version;
    private StoreWatch? _changes;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    /// <summary>Runs that were launched together.</summary>
    private string? Group => Address["group"];

    /// <summary>Runs one by one, where there is no group.</summary>
    private IReadOnlyList<string> Chosen => Address.All("run");

    private string Heading => Group?.StartsWith("ablation", StringComparison.Ordinal) == true ? "Ablation" : "Comparison";
    private string ChartKey => string.Join(',', _charted.Select(run => run.Id));
    private bool AreLive => _rows.Any(row => row.Run.State is RunState.Queued or RunState.Running);
    private IEnumerable<ComparedRun> Compared => _rows.Where(row => !row.IsBaseline || Chosen.Contains(row.Run.Spec.Id));
    private string RunsLink => "?with=" + string.Join(',', Compared.Select(row => row.Run.Spec.Id));

    private string Summary
    {
        get
        {
            var specs = Compared.Select(row => row.Run.Spec).ToList();
            string One(IEnumerable<string> values, string several) => values.Distinct().ToList() is [var one] ? one : several;
            var method = One(specs.Select(spec => MethodCatalog.TitleOf(spec.Method)), "several methods");
            var seed = One(specs.Select(spec => $"seed {spec.Seed}"), "several seeds");
            return $"{specs.Count} {(specs.Count == 1 ? "run" : "runs")} of {method} on "
                + $"{One(specs.Select(spec => spec.Dataset), "several data sets")}, {seed}{(Group is null ? "" : " · " + Group)}";
        }
    }

    // A run of the group may come at any time; what becomes of those that are shown, their watches tell.
    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(() =>
    {
        if (Store.ListVersion != _version)
            Load(redraw: true);
    }));

    protected override void OnParametersSet() => Load(redraw: false);

    private void Load(bool redraw)
    {
        // Read first: what changes meanwhile is loaded again.
        _version = Store.ListVersion;
        var ids = Group is { } group ? Store.InGroup(group).Reverse().Select(run => run.Spec.Id).ToList() : Chosen.Distinct().ToList();
        var runs = ids.Select(Store.Find).OfType<RunSummary>().ToList();
        IReadOnlyList<ComparedRun> rows = ComparedRun.Of([.. runs.Take(MaxRuns)], Store);
        IReadOnlyList<string> missing = [.. ids.Where(id => Store.Find(id) is null)];
        var changed = Follow(rows) | !rows.Select(Visible).SequenceEqual(_rows.Select(Visible)) | !missing.SequenceEqual(_missing);
        (_rows, _missing, _leftOut) = (rows, missing, Math.Max(0, runs.Count - MaxRuns));
        changed |= LoadCurves() | LoadMaps();
        if (changed && redraw)
            StateHasChanged();
    }

    /// <summary>One watch a run, as long as it is shown.</summary>
    private bool Follow(IReadOnlyList<ComparedRun> rows)
    {
        var shown = rows.Select(row => row.Run.Spec.Id).ToHashSet();
        if (shown.SetEquals(_watches.Keys))
            return false;
        foreach (var id in _watches.Keys.Except(shown).ToList())
            if (_watches.Remove(id, out var watch))
                watch.Dispose();
        foreach (var id in shown.Except(_watches.Keys))
            _watches[id] = new RunWatch(Store, id, Clock, () => InvokeAsync(() => Load(redraw: true)));
        return true;
    }

    /// <summary>The runs are charted once their logs have been read; what comes later goes from the hub to the charts.</summary>
    private bool LoadCurves()
    {
        var compared = Compared.Select(row => row.Run).ToList();
        var charted = _charted;
        if (!compared.Select(run => run.Spec.Id).SequenceEqual(_charted.Select(run => run.Id)))
            _charted = !_watches.Values.All(watch => watch.IsLoaded) ? [] :
                [.. compared.Select(run =>
                    new ChartRun(run.Spec.Id, run.Spec.DistinctTitle, run.LastSeq, Store.Metrics(run.Spec.Id),
                        _watches[run.Spec.Id].Digest.StepsPerEpoch, run.Started))];
        var groups = MetricGroup.Of(_charted.SelectMany(run => Store.Metrics(run.Id)), apart: _charted.Count > 1);
        var changed = !ReferenceEquals(charted, _charted) || !groups.Select(group =>
            group.MetricsJson).SequenceEqual(_groups.Select(group => group.MetricsJson));
        _groups = groups;
        return changed;
    }

    private bool LoadMaps()
    {
        IReadOnlyList<ComparedMaps> maps =
            [.. _rows.Select(row => new ComparedMaps(row.Run.Spec.Id, row.Title, _watches[row.Run.Spec.Id].Digest.Snapshots,
                MethodCatalog.Find(row.Run.Spec.Method)?.Trains ?? true))];
        if (maps.Count == _maps.Count && maps.Zip(_maps).All(pair => pair.First.IsSame(pair.Second)))
            return false;
        _maps = maps;
        return true;
    }

    /// <summary>What the table shows of a row: most events change nothing of it.</summary>
    private static object Visible(ComparedRun row) =>
        (row.Run.Spec.Id, row.Run.State, (int)(100 * row.Run.Fraction), (int)(row.Run.Eta ?? 0), row.Run.Ended, row.AtBest?.Seq, row.AtFixed?.Seq);

    public void Dispose()
    {
        _changes?.Dispose();
        foreach (var watch in _watches.Values)
            watch.Dispose();
    }
}
