using Dashboard.Backend.Runs;
using Dashboard.Domain.Leaderboard;
using Dashboard.Web.Board;
using Dashboard.Web.Compare;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Ranking = Dashboard.Web.Board.Leaderboard;

namespace Dashboard.Web.Components.Pages.Leaderboard;

/// <summary>All numbers, ranked inside their protocols.</summary>
public sealed partial class LeaderboardPage : IDisposable
{
    /// <summary>Runs of a protocol that are shown before somebody asks for all.</summary>
    private const int Top = 20;

    private IReadOnlyList<LeaderboardGroup> _all = [];
    private IReadOnlyList<LeaderboardGroup> _groups = [];
    private LeadingEvaluations _leading = new([], new Dictionary<string, int>());
    private long _version;
    private StoreWatch? _changes;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private CompareCatalog Comparisons { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(Refresh));

    protected override void OnParametersSet() => Load();

    private void Refresh()
    {
        if (Store.EvaluationsVersion == _version)
            return;
        Load();
        StateHasChanged();
    }

    private string? ChosenProtocol => Address["protocol"];

    private string? ChosenClass => Address["class"];

    /// <summary>Also protocols under which no run has been measured here.</summary>
    private bool Literature => Address["literature"] is not null;

    /// <summary>Of the chosen protocol; of several at once always the best ones.</summary>
    private bool ShowsAll => ChosenProtocol is not null && Address["all"] is not null;

    private static int ShownOf(LeaderboardGroup group) => group.Rows.Count(row => row.Kind == RowKind.Run);

    private void Load()
    {
        // Read first: what changes meanwhile is loaded again.
        _version = Store.EvaluationsVersion;
        _leading = Store.Leading(Top, null, ChosenClass);
        if (ShowsAll)
        {
            var whole = Store.Leading(null, ChosenProtocol, ChosenClass);
            _leading = _leading with
            {
                Entries = [.. _leading.Entries.Where(entry => entry.Evaluation.Protocol.Key != ChosenProtocol), .. whole.Entries],
                Twins = _leading.Twins.Concat(whole.Twins).DistinctBy(twin => twin.Key).ToDictionary(),
            };
        }
        _all = Ranking.Build(_leading.Entries, PublishedResults.All, ChosenClass, _leading.Twins);
        _groups = [.. _all.Where(group => ChosenProtocol is null ? Literature || group.HasRuns : group.Key == ChosenProtocol)];
    }

    private string ExportLink(string format) => Navigation.GetUriWithQueryParameters(
        Navigation.ToAbsoluteUri($"api/leaderboard.{format}").ToString(),
        new Dictionary<string, object?> { ["protocol"] = ChosenProtocol, ["class"] = ChosenClass });

    public void Dispose() => _changes?.Dispose();
}
