using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Pages.Runs.Columns;
using Dashboard.Web.Components.Pages.Runs.Rows;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dashboard.Web.Components.Pages.Runs;

/// <summary>All runs: filtered, sorted, grouped, in pages, live.</summary>
public sealed partial class Runs : IAsyncDisposable
{
    private const string Page = "page";
    private const string Group = "group";

    /// <summary>A long list is looked at, not watched: it is drawn again no more often.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AgePace = TimeSpan.FromSeconds(20);

    /// <summary>Not written into the page's markup: an address there would keep the "&amp;amp;" of its source.</summary>
    private const string FirstRun = "new?method=cam&dataset=cooccurrence&preset=builtin";

    private RunsView _view = RunsView.Empty;
    private RunPage _page = RunPage.Empty;
    private IReadOnlyList<ListRow> _rows = [];
    private IReadOnlyList<RunSummary> _selected = [];
    private RunActions _actions = null!;
    private string? _trouble;
    private DateTimeOffset _now;
    private (double Low, double High) _scale = (0, 1);
    private StoreWatch? _changes;
    private ITimer? _clock;
    private ElementReference _root;
    private BrowserPart _browser = null!;
    private DotNetObjectReference<Runs>? _self;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IRunQueue Queue { get; set; } = null!;
    [Inject] private ISnackbar Notices { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;

    /// <summary>Of a folded group, none.</summary>
    private IEnumerable<RunSummary> Shown => _rows.Where(row => !row.IsFolded).Select(row => row.Run);

    private bool AllSelected => Shown.Any() && Shown.All(run => _view.Selected.Contains(run.Spec.Id));

    protected override void OnInitialized()
    {
        _browser = new(Script, "./Components/Pages/Runs/Runs.razor.js");
        _actions = new RunActions(Store, Queue, Confirmation, Notices, () =>
        {
            Load(redraw: false);
            StateHasChanged();
        });
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(() => Load(redraw: true)), interval: Second);
        _clock = Clock.CreateTimer(_ => InvokeAsync(Tick), null, AgePace, AgePace);
    }

    protected override void OnParametersSet()
    {
        _view = RunsView.Of(Address);
        Load(redraw: false);
        _ = _browser.CallAsync("update", _view.Columns.IsUsual, _view.Folded.Count == 0);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        await _browser.StartAsync(_root, _self = DotNetObjectReference.Create(this), _view.Columns.IsUsual, _view.Folded.Count == 0);
        StateHasChanged();
    }

    public async ValueTask DisposeAsync()
    {
        _changes?.Dispose();
        _clock?.Dispose();
        await _browser.DisposeAsync();
        _self?.Dispose();
    }

    private void Load(bool redraw)
    {
        _now = Clock.GetUtcNow();
        _selected = [.. _view.Selected.Select(Store.Find).OfType<RunSummary>()];
        if (_selected.Count < _view.Selected.Count)
            _view = _view with { Selected = [.. _selected.Select(run => run.Spec.Id)] };
        var page = Store.Page(_view.Filter, _view.Offset, RunsView.PageSize, _view.Folded);
        if (page.Runs.Count == 0 && page.Total > 0)
        {
            // Runs were deleted, or the address names a page behind the last one.
            _view = _view with { Number = (page.Total + RunsView.PageSize - 1) / RunsView.PageSize };
            page = Store.Page(_view.Filter, _view.Offset, RunsView.PageSize, _view.Folded);
        }
        var grouping = _view.Filter.Grouping;
        var totals = Store.Groups(grouping, [.. page.Runs.Select(run => run.GroupKey(grouping)).OfType<string>().Distinct()]);
        var rows = RunGroups.Of(page.Runs, grouping, totals, _view.Folded).ToList();
        var trouble = Store.Problem;
        var same = trouble == _trouble && page.Total == _page.Total && page.All == _page.All && page.All > 0
            && rows.Select(Drawn).SequenceEqual(_rows.Select(Drawn));
        (_page, _rows, _trouble) = (page, rows, trouble);
        if (redraw && same)
            return;
        _scale = ScaleOf([.. Shown]);
        if (redraw)
            StateHasChanged();
    }

    /// <summary>The sequence number counts every event; most change nothing that stands in the table. Of the spec only the name changes.</summary>
    private static (GroupHead?, string, string, RunSummary?) Drawn(ListRow row) => row.IsFolded
        ? (row.Head, "", "", null)
        : (row.Head, row.Run.Spec.Id, row.Run.Spec.Title, row.Run with { Spec = null!, LastSeq = 0, ImagesPerSecond = null });

    /// <summary>Ages go on; a row whose words stay the same is not sent again.</summary>
    private void Tick()
    {
        _now = Clock.GetUtcNow();
        StateHasChanged();
    }

    private void SortBy(RunSort sort) => Show(_view.Filter.Sort == sort
        ? _view.Filter with { Ascending = !_view.Filter.Ascending }
        : _view.Filter with { Sort = sort, Ascending = sort is RunSort.Name or RunSort.Method or RunSort.Dataset });

    private void Select(string id, bool selected) =>
        SelectOnly(selected ? [.. _view.Selected, id] : [.. _view.Selected.Where(other => other != id)]);

    private void SelectOnly(IReadOnlyList<string> ids) => Address.Change(("with", ids.Count > 0 ? string.Join(",", ids) : null));

    private void SelectAll(bool selected) =>
        SelectOnly(selected
            ? [.. _view.Selected.Union(Shown.Select(run => run.Spec.Id))]
            : [.. _view.Selected.Except(Shown.Select(run => run.Spec.Id))]);

    private void Fold(GroupHead group) =>
        ChooseFolded(group.IsFolded ? [.. _view.Folded.Where(key => key != group.Key)] : [.. _view.Folded, group.Key]);

    /// <param name="folded">Otherwise all of this page are unfolded.</param>
    private void FoldAll(bool folded)
    {
        var here = _rows.Select(row => row.Head?.Key).OfType<string>().ToList();
        ChooseFolded(folded ? [.. _view.Folded.Union(here)] : [.. _view.Folded.Except(here)]);
    }

    private void ChooseFolded(IReadOnlyList<string> keys)
    {
        var kept = keys.TakeLast(RunsView.MostFolded).ToArray();
        // First, for an address that says nothing of folded groups brings back those that are remembered.
        _ = _browser.CallOnArrivalAsync("rememberFolded", kept.Length > 0 ? (object)kept : null);
        Address.Change(("fold", kept));
    }

    private void ChooseColumns(RunColumns columns)
    {
        // First, for an address that says nothing of columns brings back those that are remembered.
        _ = _browser.CallOnArrivalAsync("remember", columns.IsUsual ? null
            : columns.Choices.ToDictionary(choice => choice.Name, choice => choice.Values.ToString()));
        Address.Change(columns.Choices);
    }

    /// <summary>A column's edge was let go.</summary>
    /// <param name="width">In pixels; null for the usual one.</param>
    [JSInvokable]
    public void Resize(string column, int? width) => ChooseColumns(_view.Columns.Resize(column, width));

    /// <summary>This browser's columns of the last time.</summary>
    [JSInvokable]
    public void Recall(string? hide, string? widths, string? pin)
    {
        if (_view.Columns.IsUsual && RunColumns.Parse(hide, widths, pin) is { IsUsual: false } columns)
            Address.Change(columns.Choices);
    }

    /// <summary>The groups that this browser has folded the last time.</summary>
    [JSInvokable]
    public void RecallFolded(string[] keys)
    {
        if (_view.Folded.Count == 0 && keys.Length > 0)
            Address.Change(("fold", keys.TakeLast(RunsView.MostFolded).ToArray()));
    }

    private string ViewLink(RunState? state) => Address.With((Page, default), ("state", state?.ToString().ToLowerInvariant()));

    private void Show(RunFilter filter) => Address.Change([.. RunsView.Choices(filter)]);

    /// <summary>One axis for all intervals, on whole steps of 5 %, so that it seldom moves.</summary>
    private static (double Low, double High) ScaleOf(IReadOnlyList<RunSummary> runs)
    {
        var ends = runs.Where(run =>
            run.Miou is not null).SelectMany(run => new[] { run.Glance.Low ?? run.Miou!.Value, run.Glance.High ?? run.Miou!.Value }).ToList();
        return ends.Count == 0
            ? (0, 1)
            : (Math.Floor(20 * ends.Min()) / 20, Math.Max(Math.Ceiling(20 * ends.Max()) / 20, Math.Floor(20 * ends.Min()) / 20 + 0.05));
    }
}
