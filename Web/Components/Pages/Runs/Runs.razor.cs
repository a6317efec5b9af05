using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dashboard.Web.Components.Pages.Runs;

/// <summary>All runs: filtered, sorted, in pages, live.</summary>
public sealed partial class Runs : IDisposable
{
    private const int PageSize = 50;

    /// <summary>A long list is looked at, not watched: it is drawn again no more often.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AgePace = TimeSpan.FromSeconds(20);

    /// <summary>What the list can be sorted by.</summary>
    private static readonly (RunSort Sort, string Title)[] Orders =
    [
        (RunSort.Started, "age"),
        (RunSort.Name, "name"),
        (RunSort.Method, "method"),
        (RunSort.Dataset, "data set"),
        (RunSort.State, "state"),
        (RunSort.Miou, "mIoU"),
        (RunSort.Duration, "duration"),
    ];

    /// <summary>Columns that may be hidden.</summary>
    private static readonly (string Key, string Title)[] Optional =
        [("method", "Method"), ("dataset", "Data set"), ("loss", "Loss"), ("map", "CAM"), ("device", "Device")];

    /// <summary>Not written into the page's markup: an address there would keep the "&amp;amp;" of its source.</summary>
    private const string FirstRun = "new?method=cam&dataset=cooccurrence&preset=builtin";

    private readonly HashSet<string> _busy = [];
    private RunPage _page = new([], 0, new Dictionary<RunState, int>());
    private int _number = 1;
    private string? _trouble;
    private IReadOnlyList<string> _selected = [];
    private RunFilter _filter = new();
    private DateTimeOffset _now;
    private IReadOnlyList<string> _hidden = [];
    private (double Low, double High) _scale = (0, 1);
    private int _stages;
    private StoreWatch? _changes;
    private ITimer? _clock;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IRunQueue Queue { get; set; } = null!;
    [Inject] private ISnackbar Notices { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private string CompareLink => _selected is [var only] ? $"runs/{only}" : "compare/runs?" + string.Join('&', _selected.Select(id => $"run={id}"));

    /// <summary>The masks of what is selected, beside the truth; null where nothing selected has any.</summary>
    private string? MasksLink =>
        _selected.Select(id => Store.Find(id))
            .OfType<RunSummary>()
            .Where(run => run is { State: RunState.Finished, Miou: not null })
            .ToList() is { Count: > 1 and <= 3 } runs
        ? "compare/masks?sources="
            + string.Join(
            ',', runs.Select(run => $"{(run.Glance.Stage == Protocol.Stages.SeedCam ? "maps" : "masks")}:{run.Spec.Id}").Append("truth"))
        : null;

    private List<RunSummary> Stoppable =>
        [.. _selected.Select(id => Store.Find(id)).OfType<RunSummary>().Where(run => run.State is RunState.Running or RunState.Queued)];

    private List<RunSummary> Deletable =>
        [.. _selected.Select(id => Store.Find(id)).OfType<RunSummary>().Where(run => run.State is not (RunState.Running or RunState.Queued))];

    private bool AllSelected => _page.Runs.Count > 0 && _page.Runs.All(run => _selected.Contains(run.Spec.Id));

    /// <summary>Runs of a group stand together in the order they are launched in; in any other they are scattered.</summary>
    private bool IsGrouped => _filter.Sort == RunSort.Started;

    /// <summary>The runs of the page; with the first of a group what its head says.</summary>
    private IEnumerable<(RunSummary Run, GroupHead? Head)> Rows
    {
        get
        {
            string? group = null;
            foreach (var (i, run) in _page.Runs.Index())
            {
                var head = IsGrouped && run.Spec.Group is { } name && name != group ? Head(name,
                    _page.Runs.Skip(i).TakeWhile(other => other.Spec.Group == name)) : null;
                group = run.Spec.Group;
                yield return (run, head);
            }
        }
    }

    protected override void OnInitialized()
    {
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(() => Load(redraw: true)), interval: Second);
        _clock = Clock.CreateTimer(_ => InvokeAsync(Tick), null, AgePace, AgePace);
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
        _hidden = [.. (Address["hide"] ?? "").Split(',').Where(key => Optional.Any(column => column.Key == key))];
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
        var same = trouble == _trouble && page.Total == _page.Total && page.All == _page.All && page.Runs.Select(
            Shown).SequenceEqual(_page.Runs.Select(Shown)) && page.All > 0;
        (_page, _trouble) = (page, trouble);
        _scale = ScaleOf(page.Runs);
        _stages = page.Runs.Select(run => run.Glance.Stage).OfType<string>().Distinct().Count();
        if (redraw && !same)
            StateHasChanged();
    }

    /// <summary>The sequence number counts every event; most change nothing that stands in the table. The spec never changes.</summary>
    private static (string, RunSummary) Shown(RunSummary run) => (run.Spec.Id, run with { Spec = null!, LastSeq = 0, ImagesPerSecond = null });

    private int Offset => (int)Math.Min((_number - 1L) * PageSize, int.MaxValue - PageSize);

    /// <summary>Ages go on; a row whose words stay the same is not sent again.</summary>
    private void Tick()
    {
        _now = Clock.GetUtcNow();
        StateHasChanged();
    }

    private void SortBy(RunSort sort) =>
        Show(_filter.Sort == sort
            ? _filter with { Ascending = !_filter.Ascending }
            : _filter with { Sort = sort, Ascending = sort is RunSort.Name or RunSort.Method or RunSort.Dataset });

    private void Select(string id, bool selected) => SelectOnly(selected ? [.. _selected, id] : [.. _selected.Where(other => other != id)]);

    private void SelectOnly(IReadOnlyList<string> ids) => Address.Change(("with", ids.Count > 0 ? string.Join(",", ids) : null));

    private void SelectAll(bool selected) =>
        SelectOnly(selected
            ? [.. _selected.Union(_page.Runs.Select(run => run.Spec.Id))]
            : [.. _selected.Except(_page.Runs.Select(run => run.Spec.Id))]);

    private void ShowColumn(string key, bool shown) =>
        Address.Choose("hide", string.Join(',', shown ? _hidden.Where(other => other != key) : _hidden.Append(key)));

    private string ViewLink(RunState? state) => Address.With(("page", default), ("state", state?.ToString().ToLowerInvariant()));

    private void Show(RunFilter filter) => Address.Change(
        ("page", default),
        ("q", filter.Text == "" ? null : filter.Text),
        ("state", filter.State?.ToString().ToLowerInvariant()),
        ("method", filter.Method),
        ("sort", filter.Sort == RunSort.Started ? null : filter.Sort.ToString().ToLowerInvariant()),
        ("asc", filter.Ascending ? "1" : null));

    private async Task StopAsync(RunSummary run)
    {
        if (await Confirmation.AskAsync($"Stop {Title(run)}? {WhatStays(run)}", "Stop run", "Stop run"))
            await Attempt(run, () => Queue.StopAsync(run.Spec.Id));
    }

    private async Task StopManyAsync(IReadOnlyList<RunSummary> runs)
    {
        if (runs is [var only])
            await StopAsync(only);
        else if (await Confirmation.AskAsync($"Stop {Names(runs)}? Each can be resumed; those that run go on from their last checkpoint then.",
            $"Stop {runs.Count} runs", "Stop them"))
            foreach (var run in runs)
                await Attempt(run, () => Queue.StopAsync(run.Spec.Id));
    }

    private static string WhatStays(RunSummary run) =>
        run.State == RunState.Queued
            ? "It has not begun: nothing is lost, and resuming puts it at the end of the queue."
            : "It can be resumed from its last checkpoint.";

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
            Refuse($"{Title(run)} cannot be deleted: {string.Join(", ", dependants)} {(dependants.Count == 1 ? "starts" : "start")} from it. "
                + $"Delete {(dependants.Count == 1 ? "that run" : "those runs")} first.");
        else if (
            await Confirmation.AskAsync(
                $"Delete {Title(run)} with its checkpoints, snapshots and masks? No other run depends on it. This cannot be undone.", "Delete run",
                "Delete", destructive: true))
            await Attempt(run, () => Task.Run(() => Queue.Delete(run.Spec.Id)));
    }

    private async Task DeleteManyAsync(IReadOnlyList<RunSummary> runs)
    {
        var ids = runs.Select(run => run.Spec.Id).ToHashSet();
        var needed = runs.Select(run =>
            (Run: run, By: Store.StartingFrom(run.Spec.Id).Where(other => !ids.Contains(other.Spec.Id)).Select(Title).ToList()))
                .Where(entry => entry.By.Count > 0)
                .ToList();
        if (needed.Count > 0)
            Refuse(string.Join(" ",
                needed.Select(entry => $"{Title(entry.Run)} is needed by {string.Join(", ", entry.By)}.")) + " Select those too, or leave it out.");
        else if (runs is [var only])
            await DeleteAsync(only);
        else if (
            await Confirmation.AskAsync(
                $"Delete {Names(runs)} with their checkpoints, snapshots and masks? No other run depends on them. This cannot be undone.",
                $"Delete {runs.Count} runs", $"Delete {runs.Count}", destructive: true))
            for (var left = runs.ToList(); left.Count > 0;)
            {
                // Those that others start from come last.
                var next = left.Find(run => !left.Any(other => other.Spec.Inputs.Values.Contains(run.Spec.Id))) ?? left[0];
                left.Remove(next);
                await Attempt(next, () => Task.Run(() => Queue.Delete(next.Spec.Id)));
            }
    }

    private static string Names(IReadOnlyList<RunSummary> runs) =>
        runs.Count <= 4 ? string.Join(", ", runs.Select(Title)) : $"{string.Join(", ", runs.Take(3).Select(Title))} and {runs.Count - 3} others";

    private async Task Attempt(RunSummary run, Func<Task> action)
    {
        if (!_busy.Add(run.Spec.Id))
            return;
        try
        {
            await action();
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            Refuse(error.Message);
        }
        finally
        {
            _busy.Remove(run.Spec.Id);
            Load(redraw: false);
        }
    }

    /// <summary>Over the page, not in it: no row moves away from under the pointer.</summary>
    private void Refuse(string message) => Notices.Add(message, Severity.Error, notice => notice.RequireInteraction = true);

    /// <summary>What stands beside the state.</summary>
    private string? Reason(RunSummary run) => run switch
    {
        { State: RunState.Running } =>
            $"{(int)(100 * Math.Clamp(run.Fraction, 0, 1))} % · {(run.Eta is null ? run.Stage ?? "starting" : Format.Seconds(run.Eta) + " left")}",
        { State: RunState.Queued } when WaitsFor(run) is { } input => $"waits for {input}",
        { State: RunState.Queued, QueuePosition: { } place } => $"place {place} on {run.Spec.Device}",
        { State: RunState.Failed or RunState.Interrupted or RunState.Damaged, Message: { } message } => message,
        { Started: { } started, Ended: { } ended } => Format.Duration(ended - started),
        _ => null,
    };

    private string Age(RunSummary run) => Format.ShortAge(_now - (run.Started ?? run.Spec.Created));

    private static GroupHead Head(string name, IEnumerable<RunSummary> runs)
    {
        var list = runs.ToList();
        // Numbers of several protocols have no best.
        return new(
            name, list.Count, list.Select(run => run.Glance.Stage).OfType<string>().Distinct().Count() == 1 ? list.Max(run => run.Miou) : null);
    }

    /// <summary>One axis for all intervals, on whole steps of 5 %, so that it seldom moves.</summary>
    private static (double Low, double High) ScaleOf(IReadOnlyList<RunSummary> runs)
    {
        var ends = runs.Where(run =>
            run.Miou is not null).SelectMany(run => new[] { run.Glance.Low ?? run.Miou!.Value, run.Glance.High ?? run.Miou!.Value }).ToList();
        return ends.Count == 0
            ? (0, 1)
            : (Math.Floor(20 * ends.Min()) / 20, Math.Max(Math.Ceiling(20 * ends.Max()) / 20, Math.Floor(20 * ends.Min()) / 20 + 0.05));
    }

    private string? WaitsFor(RunSummary run) =>
        run.State != RunState.Queued
            ? null
            : run.Spec.Inputs.Values.Select(Store.Find).FirstOrDefault(input => input is { State: not RunState.Finished }) is { } input
            ? Title(input)
            : null;

    private static string Title(RunSummary run) => run.Spec.Title;

    public void Dispose()
    {
        _changes?.Dispose();
        _clock?.Dispose();
    }

    /// <param name="Count">Of its runs on this page.</param>
    /// <param name="Best">Best mIoU, 0..1; null where there is none that can be compared.</param>
    private sealed record GroupHead(string Name, int Count, double? Best);
}
