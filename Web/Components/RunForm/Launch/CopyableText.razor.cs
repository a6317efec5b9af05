using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.RunForm.Launch;

public sealed partial class CopyableText
{
    private bool _copied;

    [Parameter, EditorRequired] public required string Title { get; set; }
    [Parameter, EditorRequired] public required string Text { get; set; }
    [Parameter] public bool Wrap { get; set; }

    [Inject] private IJSRuntime Js { get; set; } = null!;

    protected override void OnParametersSet() => _copied = false;

    private async Task CopyAsync()
    {
        await Js.InvokeVoidAsync("copyText", Text);
        _copied = true;
    }
}
