using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Pages.RunPanels;

/// <summary>The tail of <c>worker.log</c>.</summary>
public sealed partial class WorkerLog : IAsyncDisposable
{
    private ElementReference _root;
    private IJSObjectReference? _module;
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
        catch (JSDisconnectedException)
        {
            // The page was closed meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
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
