using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Pages.RunPanels;

/// <summary>The tail of <c>worker.log</c>.</summary>
public sealed partial class WorkerLog : IAsyncDisposable
{
    private ElementReference _root;
    private IJSObjectReference? _module;
    private bool _left;
    private IJSObjectReference? _log;
    private bool? _wasLive;

    [Parameter, EditorRequired] public required string RunId { get; set; }

    /// <summary>More may come.</summary>
    [Parameter] public bool IsLive { get; set; }

    [Inject] private IJSRuntime Script { get; set; } = null!;

    protected override bool ShouldRender() => _wasLive != IsLive;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _wasLive = IsLive;
        try
        {
            if (firstRender)
            {
                _module = await Script.InvokeAsync<IJSObjectReference>("import", "./Components/Pages/RunPanels/WorkerLog.razor.js");
                _log = await _module.InvokeAsync<IJSObjectReference>("init", _root, RunId);
            }
            if (_log is not null)
                await _log.InvokeVoidAsync("update", IsLive);
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
            if (_log is not null)
            {
                await _log.InvokeVoidAsync("dispose");
                await _log.DisposeAsync();
            }
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
    }
}
