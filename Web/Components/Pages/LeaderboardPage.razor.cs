using Dashboard.Backend.Execution;
using Dashboard.Domain.Leaderboard;
using Dashboard.Domain.Runs;
using Dashboard.Web.Board;
using Dashboard.Web.Compare;
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

    [SupplyParameterFromQuery] private string? Protocol { get; set; }
    [SupplyParameterFromQuery] private string? Class { get; set; }

    /// <summary>Also protocols under which no run has been measured here.</summary>
    [SupplyParameterFromQuery] private bool Literature { get; set; }

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

    // An empty value in a typed address means no choice.
    private string? ChosenProtocol => NullIfEmpty(Protocol);

    private string? ChosenClass => NullIfEmpty(Class);

    private void Load(IReadOnlyList<(RunSummary Run, RunEvaluated Evaluation)> evaluations)
    {
        _shown = [.. evaluations.Select(entry => entry.Evaluation)];
        _all = Leaderboard.Build(evaluations, PublishedResults.All, ChosenClass);
        _groups = [.. _all.Where(group => ChosenProtocol is null ? Literature || group.HasRuns : group.Key == ChosenProtocol)];
    }

    private void Show(string? protocol, string? className) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["protocol"] = NullIfEmpty(protocol), ["class"] = NullIfEmpty(className) }), replace: true);

    private string ExportLink(string format) => Navigation.GetUriWithQueryParameters(
        Navigation.ToAbsoluteUri($"api/leaderboard.{format}").ToString(), new Dictionary<string, object?> { ["protocol"] = ChosenProtocol, ["class"] = ChosenClass });

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public void Dispose() => _changes?.Dispose();
}
