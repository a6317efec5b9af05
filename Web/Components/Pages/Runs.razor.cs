using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages;

/// <summary>All runs: filtered, sorted, in pages, live.</summary>
public sealed partial class Runs : IDisposable
{
    private const int PageSize = 50;

    /// <summary>A long list is looked at, not watched: it is drawn again no more often.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly (RunSort Sort, string Title, bool IsNumber)[] Columns =
    [
        (RunSort.Name, "Run", false),
        (RunSort.State, "State", false),
        (RunSort.Method, "Method", false),
        (RunSort.Dataset, "Data set", false),
        (RunSort.Miou, "Best mIoU, %", true),
        (RunSort.Started, "Started", false),
        (RunSort.Duration, "Duration", true),
    ];

    private readonly HashSet<string> _busy = [];
    private RunPage _page = new([], 0, new Dictionary<RunState, int>());
    private int _number = 1;
    private string? _trouble;
    private IReadOnlyList<string> _selected = [];
    private RunFilter _filter = new();
    private DateTimeOffset _now;
    private string? _problem;
    private StoreWatch? _changes;
    private ITimer? _clock;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IRunQueue Queue { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private string CompareLink => _selected is [var only] ? $"runs/{only}" : "comparison?" + string.Join('&', _selected.Select(id => $"run={id}"));

    protected override void OnInitialized()
    {
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(() => Load(redraw: true)), interval: Second);
        _clock = Clock.CreateTimer(_ => InvokeAsync(Tick), null, Second, Second);
    }

    protected override void OnParametersSet()
    {
        _filter = new(
            Address["q"] ?? "",
            Enum.TryParse<RunState>(Address["state"], ignoreCase: true, out var state) ? state : null,
            Address["method"],
            Enum.TryParse<RunSort>(Address["sort"], ignoreCase: true, out var sort) ? sort : RunSort.Started,
            Address["asc"] is not null);
        _selected = Address["with"]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        _number = int.TryParse(Address["page"], out var number) && number > 0 ? number : 1;
        Load(redraw: false);
    }

    private int Pages => Math.Max(1, (_page.Total + PageSize - 1) / PageSize);

    private int First => (_number - 1) * PageSize + 1;

    private string PageLink(int number) => Address.With(("page", number == 1 ? default : $"{number}"));

    private void Load(bool redraw)
    {
        _now = Clock.GetUtcNow();
        _selected = [.. _selected.Where(id => Store.Find(id) is not null)];
        var page = Store.Page(_filter, Offset, PageSize);
        if (page.Runs.Count == 0 && page.Total > 0)
        {
            // Runs were deleted, or the address names a page behind the last one.
            _number = (page.Total + PageSize - 1) / PageSize;
            page = Store.Page(_filter, Offset, PageSize);
        }
        var trouble = Store.Problem;
        var same = trouble == _trouble && page.Total == _page.Total && page.All == _page.All && page.Runs.Select(Shown).SequenceEqual(_page.Runs.Select(Shown)) && page.All > 0;
        (_page, _trouble) = (page, trouble);
        if (redraw && !same)
            StateHasChanged();
    }

    /// <summary>The sequence number counts every event; most change nothing that stands in the table. The spec never changes.</summary>
    private static (string, RunSummary) Shown(RunSummary run) => (run.Spec.Id, run with { Spec = null!, LastSeq = 0, ImagesPerSecond = null });

    private int Offset => (int)Math.Min((_number - 1L) * PageSize, int.MaxValue - PageSize);

    /// <summary>The durations of running runs go on.</summary>
    private void Tick()
    {
        var now = Clock.GetUtcNow();
        if (now - _now < 0.8 * Second || !_page.Runs.Any(run => run.State == RunState.Running))
            return;
        _now = now;
        StateHasChanged();
    }

    private void SortBy(RunSort sort) =>
        Show(_filter.Sort == sort ? _filter with { Ascending = !_filter.Ascending } : _filter with { Sort = sort, Ascending = sort is RunSort.Name or RunSort.Method or RunSort.Dataset });

    private string? AriaSort(RunSort sort) => _filter.Sort != sort ? null : _filter.Ascending ? "ascending" : "descending";

    private void Select(string id, bool selected) => SelectOnly(selected ? [.. _selected, id] : [.. _selected.Where(other => other != id)]);

    private void SelectOnly(IReadOnlyList<string> ids) => Address.Change(("with", ids.Count > 0 ? string.Join(",", ids) : null));

    private void Show(RunFilter filter) => Address.Change(
        ("page", default),
        ("q", filter.Text == "" ? null : filter.Text),
        ("state", filter.State?.ToString().ToLowerInvariant()),
        ("method", filter.Method),
        ("sort", filter.Sort == RunSort.Started ? null : filter.Sort.ToString().ToLowerInvariant()),
        ("asc", filter.Ascending ? "1" : null));

    private async Task StopAsync(RunSummary run)
    {
        if (await Confirmation.AskAsync($"Stop {Title(run)}? It can be resumed from its last checkpoint.", "Stop run", "Stop run"))
            await Attempt(run, () => Queue.StopAsync(run.Spec.Id));
    }

    private Task Resume(RunSummary run) => Attempt(run, () =>
    {
        // The second of two quick clicks finds that the first has done it.
        if (Store.Find(run.Spec.Id) is not { State: RunState.Queued or RunState.Running or RunState.Finished })
            Queue.Resume(run.Spec.Id);
        return Task.CompletedTask;
    });

    private async Task DeleteAsync(RunSummary run)
    {
        var dependants = Store.StartingFrom(run.Spec.Id).Select(Title).ToList();
        if (dependants.Count > 0)
            _problem = $"{Title(run)} cannot be deleted: {string.Join(", ", dependants)} {(dependants.Count == 1 ? "starts" : "start")} from it. Delete {(dependants.Count == 1 ? "that run" : "those runs")} first.";
        else if (await Confirmation.AskAsync($"Delete {Title(run)} with its checkpoints, snapshots and masks? No other run depends on it. This cannot be undone.", "Delete run", "Delete", destructive: true))
            await Attempt(run, () => Task.Run(() => Queue.Delete(run.Spec.Id)));
    }

    private async Task Attempt(RunSummary run, Func<Task> action)
    {
        if (!_busy.Add(run.Spec.Id))
            return;
        _problem = null;
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
            _busy.Remove(run.Spec.Id);
            Load(redraw: false);
        }
    }

    private string? WaitsFor(RunSummary run) =>
        run.State != RunState.Queued ? null : run.Spec.Inputs.Values.Select(Store.Find).FirstOrDefault(input => input is { State: not RunState.Finished }) is { } input ? Title(input) : null;

    private static string Title(RunSummary run) => run.Spec.Name ?? run.Spec.Id;

    public void Dispose()
    {
        _changes?.Dispose();
        _clock?.Dispose();
    }
}
