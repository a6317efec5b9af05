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

    private View _shown = View.Empty;

    /// <summary>What the shown view answers, or the one that is being read.</summary>
    private Question? _asked;

    /// <summary>Where the best runs of a protocol can be compared.</summary>
    private IReadOnlyDictionary<string, string?> _links = new Dictionary<string, string?>();

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

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task RefreshAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    /// <summary>
    /// Once for each choice and change, and not on the circuit's thread: thousands of numbers are ranked, and the runs' folders are looked into for
    /// links.
    /// </summary>
    private async Task LoadAsync()
    {
        var asked = new Question(Store.EvaluationsVersion, ChosenProtocol, ChosenClass, Literature, Skipped);
        if (asked == _asked)
            return;
        _asked = asked;
        var shown = await Task.Run(() => View.Of(asked, Store));
        // Another choice may have been made meanwhile.
        if (asked != _asked)
            return;
        _shown = shown;
        StateHasChanged();
        var links = await Task.Run(() => shown.Groups.ToDictionary(group => group.Key, group =>
            Comparisons.LinkOf(group.Rows.Where(row => row.Kind == RowKind.Run).Select(row => row.Run!.Spec.Id))));
        if (shown == _shown)
            _links = links;
    }

    private int PlacesOf(LeaderboardGroup group) => _shown.Overview.Places.GetValueOrDefault(group.Key);

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

    /// <summary>What is to be shown.</summary>
    /// <param name="Version">Of the store's numbers.</param>
    private sealed record Question(long Version, string? Protocol, string? Class, bool Literature, int Skipped);

    /// <param name="All">Every protocol, for the choice among them.</param>
    /// <param name="Groups">Those that are shown.</param>
    private sealed record View(BoardPage Overview, MethodMatrix Matrix, IReadOnlyList<LeaderboardGroup> All, IReadOnlyList<LeaderboardGroup> Groups,
        IReadOnlyDictionary<string, IReadOnlyList<BoardPlace>> Places)
    {
        /// <summary>Before anything has been read.</summary>
        public static View Empty { get; } =
            new(BoardPage.Empty, MethodMatrix.Of([], []), [], [], new Dictionary<string, IReadOnlyList<BoardPlace>>());

        public static View Of(Question asked, IRunStore store)
        {
            var overview = store.Board(null, asked.Class, 0, LeaderboardPage.Overview);
            var all = Ranking.Build(overview.Leading.Entries, PublishedResults.All, asked.Class, overview.Leading.Twins);
            var shown = asked.Protocol is null ? overview : store.Board(asked.Protocol, asked.Class, asked.Skipped, PageSize);
            IReadOnlyList<LeaderboardGroup> groups = asked.Protocol is null
                ? [.. all.Where(group => asked.Literature || group.HasRuns)]
                : [.. Ranking.Build(shown.Leading.Entries, PublishedResults.All, asked.Class, shown.Leading.Twins)
                    .Where(group => group.Key == asked.Protocol)];
            // What is not ranked stands on the first page.
            return new(overview, MethodMatrix.Of(all, overview.Methods), all, groups,
                groups.ToDictionary(group => group.Key, IReadOnlyList<BoardPlace> (group) =>
                    [.. BoardPlace.Of(group, shown, asked.Skipped, asked.Class is not null).Where(place => place.IsRun || asked.Skipped == 0)]));
        }
    }
}
