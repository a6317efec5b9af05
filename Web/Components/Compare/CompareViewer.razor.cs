using System.Text.Json;
using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Compare;

/// <summary>One image in panes side by side. Renders again only when the image, the sources or their curves change; pixels never pass through here.</summary>
public sealed partial class CompareViewer : IAsyncDisposable
{
    private ElementReference _root;
    private IJSObjectReference? _module;
    private bool _left;
    private IJSObjectReference? _viewer;
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

    protected override bool ShouldRender() => Shown != _rendered;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _rendered = Shown;
        try
        {
            if (firstRender)
            {
                _self = DotNetObjectReference.Create(this);
                _module = await Script.InvokeAsync<IJSObjectReference>("import", "./Components/Compare/CompareViewer.razor.js");
                _viewer = await _module.InvokeAsync<IJSObjectReference>("init", _root, _self);
            }
            if (_viewer is not null)
                await _viewer.InvokeVoidAsync("show", Model);
        }
        catch (Exception error) when (error is JSDisconnectedException || (_left && error is JSException or ObjectDisposedException))
        {
            // The page was closed or left meanwhile; a module that is loaded only then finds no element.
        }
    }

    /// <summary>Brings the panes into view.</summary>
    public ValueTask RevealAsync() => _left || _viewer is null ? ValueTask.CompletedTask : _viewer.InvokeVoidAsync("reveal");

    /// <summary>Fills this image's cells of the table of classes.</summary>
    public ValueTask WriteTableAsync() => _left || _viewer is null ? ValueTask.CompletedTask : _viewer.InvokeVoidAsync("writeTable");

    // What was done in panes that are just being taken away concerns sources that are gone.
    [JSInvokable]
    public Task StepAsync(int step) => InvokeAsync(() => _left ? Task.CompletedTask : OnStep.InvokeAsync(step));

    [JSInvokable]
    public Task SetThresholdsAsync(double?[] thresholds) => InvokeAsync(() => _left ? Task.CompletedTask : OnThresholds.InvokeAsync(thresholds));

    public async ValueTask DisposeAsync()
    {
        _left = true;
        try
        {
            if (_viewer is not null)
            {
                await _viewer.InvokeVoidAsync("dispose");
                await _viewer.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
        _self?.Dispose();
    }
}
