using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Notices;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dashboard.Web.Components.Layout;

/// <summary>Says on whatever page is open that a run has ended, and keeps the last ones at hand.</summary>
public sealed partial class NoticeBell : IAsyncDisposable
{
    private ElementReference _root;
    private BrowserPart _bell = null!;
    private IDisposable? _subscription;
    private IReadOnlyList<RunEnding> _endings = [];
    private bool _open;

    [Inject] private RunEndings Endings { get; set; } = null!;
    [Inject] private ISnackbar Notices { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;

    protected override void OnInitialized()
    {
        _bell = new(Script, "./Components/Layout/NoticeBell.razor.js");
        _endings = Endings.Recent;
        _subscription = Endings.Subscribe(ending => InvokeAsync(() => TellAsync(ending)));
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _bell.StartAsync(_root);
        else
            await _bell.CallAsync("count");
    }

    public ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        return _bell.DisposeAsync();
    }

    private async Task TellAsync(RunEnding ending)
    {
        _endings = Endings.Recent;
        StateHasChanged();
        var severity = ending.State == RunState.Finished ? Severity.Success : Severity.Error;
        Notices.Add(builder =>
        {
            builder.OpenElement(0, "span");
            builder.AddContent(1, $"{ending.Headline}. {ending.Detail} ");
            builder.OpenElement(2, "a");
            builder.AddAttribute(3, "href", $"runs/{ending.Id}");
            builder.AddContent(4, "Open");
            builder.CloseElement();
            builder.CloseElement();
        }, severity, key: $"ended {ending.Id}");
        await _bell.CallOnArrivalAsync("tell", ending.Headline, ending.Detail, $"/runs/{ending.Id}", ending.QueueIsEmpty);
    }
}
