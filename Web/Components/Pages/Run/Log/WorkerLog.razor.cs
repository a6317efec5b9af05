using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Pages.Run.Log;

/// <summary>The tail of <c>worker.log</c>.</summary>
public sealed partial class WorkerLog : IAsyncDisposable
{
    private ElementReference _root;
    private BrowserPart _log = null!;
    private bool? _wasLive;

    [Parameter, EditorRequired] public required string RunId { get; set; }

    /// <summary>More may come.</summary>
    [Parameter] public bool IsLive { get; set; }

    [Inject] private IJSRuntime Script { get; set; } = null!;

    protected override void OnInitialized() => _log = new(Script, "./Components/Pages/Run/Log/WorkerLog.razor.js");

    protected override bool ShouldRender() => _wasLive != IsLive;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        _wasLive = IsLive;
        if (firstRender)
            await _log.StartAsync(_root, RunId);
        await _log.CallAsync("update", IsLive);
    }

    public ValueTask DisposeAsync() => _log.DisposeAsync();
}
