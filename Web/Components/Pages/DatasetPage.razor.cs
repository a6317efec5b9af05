using Dashboard.Backend.Datasets;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages;

/// <summary>One data set: its images, and whether they are sound.</summary>
public sealed partial class DatasetPage : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private IImageDataset? _dataset;
    private string? _opened;
    private string? _problem;
    private WorkProgress? _progress;

    [Parameter] public required string Name { get; set; }

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private DatasetBrowser Browser { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == Name)
            return;
        (_opened, _dataset, _problem) = (Name, null, null);
        var progress = new Progress<WorkProgress>(work => InvokeAsync(() =>
        {
            _progress = work;
            StateHasChanged();
        }));
        try
        {
            _dataset = await Task.Run(() => Browser.Open(Name, progress, _leaving.Token));
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

    private string? View => Address["view"];

    private string ViewLink(string? view) => Address.With(("view", view));

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }
}
