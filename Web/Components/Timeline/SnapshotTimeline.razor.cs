using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Timeline;

/// <summary>Hands new snapshots to the module; pictures travel over HTTP under addresses that never change.</summary>
public sealed partial class SnapshotTimeline : IAsyncDisposable
{
    private readonly List<RunSnapshot> _sent = [];
    private ElementReference _root;
    private BrowserPart _timeline = null!;
    private (int Count, string Text) _rendered = (-1, "");

    [Parameter, EditorRequired] public required string RunId { get; set; }

    /// <summary>In the order of their steps; a resume may take the last ones back.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<RunSnapshot> Snapshots { get; set; }

    /// <summary>Otherwise there is one snapshot an image and nothing to move through. Of a run, it stays as it is.</summary>
    [Parameter] public bool HasEpochs { get; set; } = true;

    /// <summary>For a page that shows more than maps: four images, of each one map large, image and mask small.</summary>
    [Parameter] public bool Compact { get; set; }

    /// <summary>Where all of them are.</summary>
    [Parameter] public string? AllLink { get; set; }

    [Parameter] public string EmptyText { get; set; } = "Snapshots of a fixed set of images arrive after each epoch.";

    [Inject] private IJSRuntime Script { get; set; } = null!;

    protected override void OnInitialized() => _timeline = new(Script, "./Components/Timeline/SnapshotTimeline.razor.js");

    protected override bool ShouldRender() => !Snapshots.SequenceEqual(_sent) || _rendered != (Snapshots.Count, EmptyText);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _rendered = (Snapshots.Count, EmptyText);
        if (firstRender)
            await _timeline.StartAsync(_root);
        if (_timeline.IsThere)
            await SendNewAsync();
    }

    public ValueTask DisposeAsync() => _timeline.DisposeAsync();

    private async Task SendNewAsync()
    {
        var kept = _sent.Zip(Snapshots).TakeWhile(pair => ReferenceEquals(pair.First, pair.Second)).Count();
        var added = Snapshots.Skip(kept).ToList();
        if (added.Count == 0 && kept == _sent.Count)
            return;
        _sent.RemoveRange(kept, _sent.Count - kept);
        _sent.AddRange(added);
        await _timeline.CallAsync("update", kept, added.Select(View));
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
            Url = $"api/runs/{Uri.EscapeDataString(RunId)}/files/{string.Join('/', panel.File.Split('/').Select(Uri.EscapeDataString))}"
                + (panel.Kind is not ("truth" or "mask") ? "" : Compact ? "?overlay=true" : "?coloured=true"),
        }),
    };
}
