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

    private IReadOnlyList<(string Role, string Id, RunState? State)> _inputs = [];
    private IReadOnlyList<(string Id, RunState State)> _followers = [];
    private int _groupSize;
    private StoreWatch? _changes;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(() =>
    {
        if (Load())
            StateHasChanged();
    }));

    protected override void OnParametersSet() => Load();

    /// <returns>Whether anything is different.</returns>
    private bool Load()
    {
        IReadOnlyList<(string, string, RunState?)> inputs =
            [.. Run.Spec.Inputs.Select(input => (input.Key, input.Value, Store.Find(input.Value)?.State))];
        IReadOnlyList<(string, RunState)> followers = [.. Store.StartingFrom(Run.Spec.Id).Reverse().Select(other => (other.Spec.Id, other.State))];
        var size = Run.Spec.Group is { } group ? Store.InGroup(group).Count : 0;
        var changed = size != _groupSize || !inputs.SequenceEqual(_inputs) || !followers.SequenceEqual(_followers);
        (_inputs, _followers, _groupSize) = (inputs, followers, size);
        return changed;
    }

    private string TitleOf(string id) => Store.Find(id)?.Spec.Title ?? id;

    private string MiouOf(string id) => Store.Find(id)?.Miou is { } miou ? $" · mIoU {Format.Percent(miou)}" : "";

    public void Dispose() => _changes?.Dispose();
}
