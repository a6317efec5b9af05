using System.Text.Json;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Compare;

/// <summary>
/// One image in panes side by side. Renders again only when the image, the sources or their curves change; pixels never pass through here.
/// </summary>
public sealed partial class CompareViewer : IAsyncDisposable
{
    /// <summary>As keys.js knows them: below the panes, and among those of the whole dashboard.</summary>
    private static readonly (string Keys, string Meaning)[] Keys =
    [
        ("J", "next image"), ("K", "previous image"), ("1 – 4", "one source alone"), ("L S E D", "layer"), ("X", "swipe"), ("Space", "blink"),
        ("0", "whole image"), ("Esc", "back"),
    ];

    private static readonly string KeysJson = JsonSerializer.Serialize(Keys.Select(key => new[] { key.Keys, key.Meaning }));

    private ElementReference _root;
    private BrowserPart _viewer = null!;
    private DotNetObjectReference<CompareViewer>? _self;
    private string _rendered = "";

    [Parameter, EditorRequired] public required ViewerModel Model { get; set; }

    /// <summary>"3 of 320".</summary>
    [Parameter] public string Position { get; set; } = "";

    [Parameter] public bool HasPrevious { get; set; }
    [Parameter] public bool HasNext { get; set; }

    /// <summary>+1 for the next image of the grid, -1 for the previous one.</summary>
    [Parameter] public EventCallback<int> OnStep { get; set; }

    /// <summary>Thresholds have come to rest; null: the run's own.</summary>
    [Parameter] public EventCallback<IReadOnlyList<double?>> OnThresholds { get; set; }

    [Inject] private IJSRuntime Script { get; set; } = null!;

    private string Shown => JsonSerializer.Serialize(new object[] { Model, Position, HasPrevious, HasNext }, RunJson.Line);

    protected override void OnInitialized() => _viewer = new(Script, "./Components/Compare/CompareViewer.razor.js");

    protected override bool ShouldRender() => Shown != _rendered;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _rendered = Shown;
        if (firstRender)
            await _viewer.StartAsync(_root, _self = DotNetObjectReference.Create(this));
        await _viewer.CallAsync("show", Model);
    }

    /// <summary>Brings the panes into view.</summary>
    public Task RevealAsync() => _viewer.CallAsync("reveal");

    /// <summary>Fills this image's cells of the table of classes.</summary>
    public Task WriteTableAsync() => _viewer.CallAsync("writeTable");

    // What was done in panes that are just being taken away concerns sources that are gone.
    [JSInvokable]
    public Task StepAsync(int step) => InvokeAsync(() => _viewer.IsLeft ? Task.CompletedTask : OnStep.InvokeAsync(step));

    [JSInvokable]
    public Task SetThresholdsAsync(double?[] thresholds) =>
        InvokeAsync(() => _viewer.IsLeft ? Task.CompletedTask : OnThresholds.InvokeAsync(thresholds));

    public async ValueTask DisposeAsync()
    {
        await _viewer.DisposeAsync();
        _self?.Dispose();
    }
}
