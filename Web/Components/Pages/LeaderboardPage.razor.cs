using Dashboard.Backend.Execution;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;
using Dashboard.Web.Board;
using Dashboard.Web.Compare;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages;

/// <summary>All numbers, ranked inside their protocols.</summary>
public sealed partial class LeaderboardPage : IDisposable
{
    private IReadOnlyList<LeaderboardGroup> _all = [];
    private IReadOnlyList<LeaderboardGroup> _groups = [];
    private IReadOnlyList<RunEvaluated> _shown = [];
    private StoreWatch? _changes;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private CompareCatalog Comparisons { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(Refresh));

    protected override void OnParametersSet() => Load(Store.Evaluations);

    private void Refresh()
    {
        var evaluations = Store.Evaluations;
        if (evaluations.Select(entry => entry.Evaluation).SequenceEqual(_shown, ReferenceEqualityComparer.Instance))
            return;
        Load(evaluations);
        StateHasChanged();
    }

    private string? ChosenProtocol => Address["protocol"];

    private string? ChosenClass => Address["class"];

    /// <summary>Also protocols under which no run has been measured here.</summary>
    private bool Literature => Address["literature"] is not null;

    private void Load(IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> evaluations)
    {
        _shown = [.. evaluations.Select(entry => entry.Evaluation)];
        _all = Leaderboard.Build(evaluations, PublishedResults.All, ChosenClass);
        _groups = [.. _all.Where(group => ChosenProtocol is null ? Literature || group.HasRuns : group.Key == ChosenProtocol)];
    }

    private string ExportLink(string format) => Navigation.GetUriWithQueryParameters(
        Navigation.ToAbsoluteUri($"api/leaderboard.{format}").ToString(), new Dictionary<string, object?> { ["protocol"] = ChosenProtocol, ["class"] = ChosenClass });

    public void Dispose() => _changes?.Dispose();
}
