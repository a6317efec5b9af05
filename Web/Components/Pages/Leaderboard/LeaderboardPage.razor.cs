using System.Globalization;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Leaderboard;
using Dashboard.Web.Board;
using Dashboard.Web.Compare;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Ranking = Dashboard.Web.Board.Leaderboard;

namespace Dashboard.Web.Components.Pages.Leaderboard;

/// <summary>All numbers: methods and protocols at a glance, then the places of each protocol.</summary>
public sealed partial class LeaderboardPage : IDisposable
{
    /// <summary>Places of each protocol that are shown before somebody chooses one.</summary>
    private const int Overview = 10;

    /// <summary>Places of the chosen one.</summary>
    private const int PageSize = 50;

    private BoardPage _overview = BoardPage.Empty;
    private IReadOnlyList<LeaderboardGroup> _all = [];
    private IReadOnlyList<LeaderboardGroup> _groups = [];
    private IReadOnlyDictionary<string, IReadOnlyList<BoardPlace>> _places = new Dictionary<string, IReadOnlyList<BoardPlace>>();
    private MethodMatrix _matrix = MethodMatrix.Of([], []);

    /// <summary>Where the best runs of a protocol can be compared.</summary>
    private IReadOnlyDictionary<string, string?> _links = new Dictionary<string, string?>();

    private long _version;
    private StoreWatch? _changes;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private CompareCatalog Comparisons { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private string? ChosenProtocol => Address["protocol"];

    private string? ChosenClass => Address["class"];

    /// <summary>Also protocols under which no run has been measured here.</summary>
    private bool Literature => Address["literature"] is not null;

    private int Page => int.TryParse(Address["page"], out var page) && page is > 0 and < 1_000_000 ? page : 1;

    private int Skipped => ChosenProtocol is null ? 0 : (Page - 1) * PageSize;

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(RefreshAsync));

    protected override Task OnParametersSetAsync()
    {
        Load();
        return FindLinksAsync();
    }

    private async Task RefreshAsync()
    {
        if (Store.EvaluationsVersion == _version)
            return;
        Load();
        StateHasChanged();
        await FindLinksAsync();
        StateHasChanged();
    }

    /// <summary>Looks into the runs' folders: not on the circuit's thread.</summary>
    private async Task FindLinksAsync()
    {
        var groups = _groups;
        var links = await Task.Run(() => groups.ToDictionary(group => group.Key, group =>
            Comparisons.LinkOf(group.Rows.Where(row => row.Kind == RowKind.Run).Select(row => row.Run!.Spec.Id))));
        // Another choice may have been made meanwhile.
        if (groups == _groups)
            _links = links;
    }

    private void Load()
    {
        // Read first: what changes meanwhile is loaded again.
        _version = Store.EvaluationsVersion;
        _overview = Store.Board(null, ChosenClass, 0, Overview);
        _all = Ranking.Build(_overview.Leading.Entries, PublishedResults.All, ChosenClass, _overview.Leading.Twins);
        _matrix = MethodMatrix.Of(_all, _overview.Methods);
        var shown = ChosenProtocol is null ? _overview : Store.Board(ChosenProtocol, ChosenClass, Skipped, PageSize);
        _groups = ChosenProtocol is null
            ? [.. _all.Where(group => Literature || group.HasRuns)]
            : [.. Ranking.Build(shown.Leading.Entries, PublishedResults.All, ChosenClass, shown.Leading.Twins)
                .Where(group => group.Key == ChosenProtocol)];
        // What is not ranked stands on the first page.
        _places = _groups.ToDictionary(group => group.Key, IReadOnlyList<BoardPlace> (group) =>
            [.. BoardPlace.Of(group, shown, Skipped, ChosenClass is not null).Where(place => place.IsRun || Skipped == 0)]);
    }

    private int PlacesOf(LeaderboardGroup group) => _overview.Places.GetValueOrDefault(group.Key);

    private string PageLink(int page) =>
        Address.With(("page", page <= 1 ? default : page.ToString(CultureInfo.InvariantCulture)), ("seeds", default));

    /// <summary>Runs of this protocol that are compared with each other.</summary>
    private IReadOnlyList<string> Picked(string protocol) => Address["of"] == protocol ? [.. Address.All("pick").Take(2)] : [];

    /// <summary>A third takes the place of the second.</summary>
    private void Pick(string protocol, (string Run, bool IsPicked) change)
    {
        var others = Picked(protocol).Where(run => run != change.Run);
        string[] picked = change.IsPicked ? [.. others.Take(1), change.Run] : [.. others];
        Address.Change(("of", picked.Length > 0 ? protocol : null), ("pick", picked));
    }

    private static string? Choice(ChangeEventArgs change) => change.Value?.ToString() is { Length: > 0 } text ? text : null;

    private string ExportLink(string format) => Navigation.GetUriWithQueryParameters(
        Navigation.ToAbsoluteUri($"api/leaderboard.{format}").ToString(),
        new Dictionary<string, object?> { ["protocol"] = ChosenProtocol, ["class"] = ChosenClass });

    public void Dispose() => _changes?.Dispose();
}
