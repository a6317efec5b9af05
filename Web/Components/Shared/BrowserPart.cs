using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Shared;

/// <summary>
/// The part of a component that lives in the browser: what the function <c>init</c> of its module has made. The component may be left while module or
/// part are on their way; they are then closed when they arrive. A component whose controls are the part's alone is <c>inert</c> until the part is
/// there: a click before would be lost.
/// </summary>
/// <param name="path">The module's, beside its component.</param>
public sealed class BrowserPart(IJSRuntime script, string path) : IAsyncDisposable
{
    private readonly TaskCompletionSource _arrival = new();
    private IJSObjectReference? _module;
    private IJSObjectReference? _part;

    /// <summary>The component has been taken away: whatever still comes from its part concerns nobody.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>It can be called.</summary>
    public bool IsThere => _part is not null && !IsLeft;

    /// <summary>Loads the module and calls its <c>init</c>.</summary>
    public Task StartAsync(params object?[] arguments) => WhileOpen(async () =>
    {
        _module = await script.InvokeAsync<IJSObjectReference>("import", path);
        if (!IsLeft)
            _part = await _module.InvokeAsync<IJSObjectReference>("init", arguments);
        if (IsLeft)
            await CloseAsync();
        _arrival.TrySetResult();
    });

    /// <summary>Calls a function of the part; of one that is not there yet, or no more, none.</summary>
    public Task CallAsync(string function, params object?[] arguments) => 
        IsThere ? WhileOpen(async () => await _part!.InvokeVoidAsync(function, arguments)) : Task.CompletedTask;

    /// <summary>The same; where the part is still on its way, once it is there.</summary>
    public async Task CallOnArrivalAsync(string function, params object?[] arguments)
    {
        await _arrival.Task;
        await CallAsync(function, arguments);
    }

    public async ValueTask DisposeAsync()
    {
        IsLeft = true;
        await WhileOpen(CloseAsync);
    }

    private async Task CloseAsync()
    {
        var (part, module) = (_part, _module);
        (_part, _module) = (null, null);
        if (part is not null)
        {
            await part.InvokeVoidAsync("dispose");
            await part.DisposeAsync();
        }
        if (module is not null)
            await module.DisposeAsync();
    }

    private async Task WhileOpen(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error)
            when (error is JSDisconnectedException || (IsLeft && error is JSException or ObjectDisposedException or OperationCanceledException))
        {
            // The page was closed or left meanwhile; a module that is loaded only then finds no element, and a call on its way is cancelled with the
            // circuit.
        }
    }
}
