using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Datasets;

public sealed partial class ImageViewer : IAsyncDisposable
{
    private ElementReference _root;
    private BrowserPart? _part;

    [Parameter, EditorRequired] public required string Title { get; set; }

    /// <summary>"12 of 40".</summary>
    [Parameter] public string? Position { get; set; }

    [Parameter, EditorRequired] public required string Source { get; set; }

    /// <summary>With a background that lets the image through; null where there is none.</summary>
    [Parameter] public string? Mask { get; set; }

    /// <summary>0-based.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<int> Tags { get; set; }

    [Parameter, EditorRequired] public required IReadOnlyList<string> Classes { get; set; }

    /// <summary>Per cent.</summary>
    [Parameter] public int Opacity { get; set; } = 60;

    /// <summary>Where the slider was left.</summary>
    [Parameter] public EventCallback<string?> OnOpacity { get; set; }

    /// <summary>Without a delegate at the first image.</summary>
    [Parameter] public EventCallback OnEarlier { get; set; }

    /// <summary>Without a delegate at the last image.</summary>
    [Parameter] public EventCallback OnLater { get; set; }

    [Parameter, EditorRequired] public required string CloseLink { get; set; }
    [Parameter] public EventCallback OnClose { get; set; }

    /// <summary>The page that asks a model about this image.</summary>
    [Parameter, EditorRequired] public required string TryLink { get; set; }

    [Inject] private IJSRuntime Script { get; set; } = null!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await (_part = new BrowserPart(Script, "./Components/Datasets/ImageViewer.razor.js")).StartAsync(_root);
    }

    public ValueTask DisposeAsync() => _part?.DisposeAsync() ?? ValueTask.CompletedTask;
}
