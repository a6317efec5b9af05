using Dashboard.Backend.Runs;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Layout;

/// <summary>Draws again when another dashboard leads than before.</summary>
public sealed partial class LeadChip : IDisposable
{
    [Inject] private Lead Lead { get; set; } = null!;

    protected override void OnInitialized() => Lead.Changed += Show;

    public void Dispose() => Lead.Changed -= Show;

    private void Show() => InvokeAsync(StateHasChanged);
}
