using System.Globalization;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Preview;
using Dashboard.Domain.Datasets;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Datasets;

public sealed partial class PreviewPanel : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private DatasetPreview? _preview;
    private WorkProgress? _progress;
    private string? _problem;

    [Parameter, EditorRequired] public required string Name { get; set; }

    [Inject] private DatasetBrowser Browser { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override Task OnInitializedAsync() => MakeAsync();

    private async Task MakeAsync()
    {
        (_preview, _progress, _problem) = (null, null, null);
        var progress = new PacedProgress(Clock, work => InvokeAsync(() =>
        {
            _progress = work;
            StateHasChanged();
        }));
        try
        {
            _preview = await Browser.PreviewAsync(Name, progress, _leaving.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            _problem = error.Message;
        }
    }

    private string OverlayUrl(PreviewPicture picture) =>
        $"api/datasets/{Name}/overlays/{Escape(picture.Id)}?split={Uri.EscapeDataString(picture.Split)}";

    private string ImageLink(PreviewPicture picture) =>
        $"datasets/{Name}?split={Uri.EscapeDataString(picture.Split)}&masks=true&image={Uri.EscapeDataString(picture.Id)}";

    private static string Escape(string id) => string.Join('/', id.Split('/').Select(Uri.EscapeDataString));

    private static string AltOf(PreviewPicture picture) => picture.HasMask ? $"{picture.Id} under the colours of its mask" : picture.Id;

    private static string SizesOf(PreviewSplit split) => split is { Smallest: { } smallest, Largest: { } largest }
        ? smallest == largest ? $"{smallest.Width}×{smallest.Height}" : $"{smallest.Width}×{smallest.Height} to {largest.Width}×{largest.Height}"
        : "–";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double? share) =>
        share is { } known ? (100 * known).ToString(known is > 0 and < 0.001 ? "0.000" : "0.0", CultureInfo.InvariantCulture) + " %" : "–";

    public void Dispose() => _leaving.Cancel();
}
