using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Timeline;

/// <summary>Hands new snapshots to the module; pictures travel over HTTP under addresses that never change.</summary>
public sealed partial class SnapshotTimeline : IAsyncDisposable
{
    private readonly List<RunSnapshot> _sent = [];
    private ElementReference _root;
    private IJSObjectReference? _module;
    private bool _left;
    private IJSObjectReference? _timeline;
    private (int Count, string Text) _rendered = (-1, "");

    [Parameter, EditorRequired] public required string RunId { get; set; }

    /// <summary>In the order of their steps; a resume may take the last ones back.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<RunSnapshot> Snapshots { get; set; }

    /// <summary>Otherwise there is one snapshot an image and nothing to move through. Of a run, it stays as it is.</summary>
    [Parameter] public bool HasEpochs { get; set; } = true;

    [Parameter] public string EmptyText { get; set; } = "Snapshots of a fixed set of images arrive after each epoch.";

    [Inject] private IJSRuntime Script { get; set; } = null!;

    protected override bool ShouldRender() => !Snapshots.SequenceEqual(_sent) || _rendered != (Snapshots.Count, EmptyText);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _rendered = (Snapshots.Count, EmptyText);
        try
        {
            if (firstRender)
            {
                _module = await Script.InvokeAsync<IJSObjectReference>("import", "./Components/Timeline/SnapshotTimeline.razor.js");
                _timeline = await _module.InvokeAsync<IJSObjectReference>("init", _root);
            }
            if (_timeline is not null)
                await SendNewAsync(_timeline);
        }
        catch (Exception error) when (error is JSDisconnectedException || (_left && error is JSException or ObjectDisposedException))
        {
            // The page was closed or left meanwhile; a module that is loaded only then finds no element.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _left = true;
        try
        {
            if (_timeline is not null)
            {
                await _timeline.InvokeVoidAsync("dispose");
                await _timeline.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
    }

    private async Task SendNewAsync(IJSObjectReference timeline)
    {
        var kept = _sent.Zip(Snapshots).TakeWhile(pair => ReferenceEquals(pair.First, pair.Second)).Count();
        var added = Snapshots.Skip(kept).ToList();
        if (added.Count == 0 && kept == _sent.Count)
            return;
        _sent.RemoveRange(kept, _sent.Count - kept);
        _sent.AddRange(added);
        await timeline.InvokeVoidAsync("update", kept, added.Select(View));
    }

    private object View(RunSnapshot snapshot) => new
    {
        snapshot.Step,
        snapshot.Epoch,
        Panels = snapshot.Panels.Select(panel => new
        {
            panel.Image,
            panel.Kind,
            panel.Class,
            Url = $"api/runs/{Uri.EscapeDataString(RunId)}/files/{string.Join('/', panel.File.Split('/').Select(Uri.EscapeDataString))}",
        }),
    };
}
