using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Run.Overview;

/// <summary>Follows all runs: a new one may start from this one at any time.</summary>
public sealed partial class Lineage : IDisposable
{
    /// <summary>Followers that are named; an often used baseline has dozens.</summary>
    private const int Shown = 8;

    private IReadOnlyList<(string Role, string Id, string Title, RunState? State, double? Miou)> _inputs = [];
    private IReadOnlyList<(string Id, string Title, RunState State)> _followers = [];
    private HashSet<string> _related = [];
    private int _groupSize;
    private string? _shown;
    private long _version;
    private StoreWatch? _changes;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized() => _changes = new StoreWatch(
        Store, Clock,
        () => InvokeAsync(() =>
        {
            if (Load())
                StateHasChanged();
        }),
        filter: id => _related.Contains(id) || Store.ListVersion != _version);

    /// <summary>The page hands its run on several times a second: the others are looked up only when some run has come, gone or ended.</summary>
    protected override void OnParametersSet()
    {
        if (_shown != Run.Spec.Id || Store.ListVersion != _version)
            Load();
    }

    /// <returns>Whether anything is different.</returns>
    private bool Load()
    {
        // Read first: what changes meanwhile is loaded again.
        (_shown, _version) = (Run.Spec.Id, Store.ListVersion);
        IReadOnlyList<(string, string Id, string, RunState?, double?)> inputs = [.. Run.Spec.Inputs.Select(input =>
        {
            var run = Store.Find(input.Value);
            return (input.Key, input.Value, run?.Spec.Title ?? input.Value, run?.State, run?.Miou);
        })];
        IReadOnlyList<(string Id, string, RunState)> followers =
            [.. Store.StartingFrom(Run.Spec.Id).Reverse().Select(other => (other.Spec.Id, other.Spec.Title, other.State))];
        var size = Run.Spec.Group is { } group ? Store.InGroup(group).Count : 0;
        var changed = size != _groupSize || !inputs.SequenceEqual(_inputs) || !followers.SequenceEqual(_followers);
        (_inputs, _followers, _groupSize) = (inputs, followers, size);
        _related = [.. inputs.Select(input => input.Id), .. followers.Select(follower => follower.Id)];
        return changed;
    }

    public void Dispose() => _changes?.Dispose();
}
