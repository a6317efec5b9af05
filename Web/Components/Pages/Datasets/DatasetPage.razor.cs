using Dashboard.Backend.Datasets;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Datasets;

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
        var name = Name;
        (_opened, _dataset, _problem) = (name, null, null);
        var progress = new Progress<WorkProgress>(work => InvokeAsync(() =>
        {
            _progress = work;
            StateHasChanged();
        }));
        try
        {
            var dataset = await Task.Run(() => Browser.Open(name, progress, _leaving.Token));
            // Another one may have been chosen meanwhile.
            if (name == _opened)
                _dataset = dataset;
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            if (name == _opened)
                _problem = error.Message;
        }
    }

    private string? View => Address["view"];

    private string ViewLink(string? view) => Address.With(("view", view));

    public void Dispose() => _leaving.Cancel();
}
