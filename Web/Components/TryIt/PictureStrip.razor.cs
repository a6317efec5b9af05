using Dashboard.Backend.Datasets;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.TryIt;

public sealed partial class PictureStrip : IDisposable
{
    /// <summary>Four rows of the column.</summary>
    private const int PageSize = 20;

    /// <summary>What is opened where nothing else is asked for: images that no built-in model has seen.</summary>
    private const string UsualSplit = "val";

    private readonly CancellationTokenSource _leaving = new();
    private IReadOnlyList<DatasetEntry> _entries = [];
    private IImageDataset? _opened;
    private IReadOnlyList<Sample>? _samples;
    private string _split = "";
    private string? _shown;
    private string? _problem;
    private WorkProgress? _progress;
    private int _start;

    /// <summary>Counts the choices of a data set or split: what comes for an outdated one is dropped.</summary>
    private int _choice;

    [Parameter, EditorRequired] public required string Dataset { get; set; }

    /// <summary>Null: the usual one.</summary>
    [Parameter] public string? Split { get; set; }

    /// <summary>The image that is shown; null where none of the strip is.</summary>
    [Parameter] public string? Chosen { get; set; }

    [Parameter] public EventCallback<(IImageDataset Dataset, string Split)> OnOpened { get; set; }

    /// <summary>The data set cannot be opened; why, is shown here.</summary>
    [Parameter] public EventCallback OnFailed { get; set; }

    [Parameter] public EventCallback<string> OnDataset { get; set; }
    [Parameter] public EventCallback<string> OnChoose { get; set; }

    [Inject] private DatasetCatalog Catalog { get; set; } = null!;
    [Inject] private DatasetBrowser Browser { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        try
        {
            // Opens every registered folder: not on the circuit's thread.
            _entries = await Task.Run(Catalog.List);
        }
        catch (DatasetException error)
        {
            _problem = error.Message;
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == Dataset)
            return;
        var (name, choice) = (_shown = Dataset, ++_choice);
        (_opened, _samples, _problem) = (null, null, null);
        var progress = new PacedProgress(Clock, work => _ = InvokeAsync(() =>
        {
            _progress = work;
            StateHasChanged();
        }));
        try
        {
            var opened = await Task.Run(() => Browser.Open(name, progress, _leaving.Token));
            if (choice != _choice)
                return;
            _opened = opened;
            var split = Split is not null && opened.Splits.Contains(
                Split) ? Split : opened.Splits.Contains(UsualSplit) ? UsualSplit : opened.Splits.FirstOrDefault("");
            await ShowSplitAsync(split);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            await FailAsync(choice, error);
        }
    }

    private async Task ShowSplitAsync(string? split)
    {
        if (_opened is not { } opened || split is null)
            return;
        var (name, choice) = (_shown!, ++_choice);
        try
        {
            var samples = await Task.Run(() => Browser.Samples(name, split));
            if (choice != _choice)
                return;
            (_samples, _split, _problem) = (samples, split, null);
            _start = Chosen is null ? 0 : Math.Max(0, samples.ToList().FindIndex(sample => sample.Id == Chosen)) / PageSize * PageSize;
            await OnOpened.InvokeAsync((opened, split));
        }
        catch (DatasetException error)
        {
            await FailAsync(choice, error);
        }
    }

    private Task FailAsync(int choice, Exception error)
    {
        if (choice != _choice)
            return Task.CompletedTask;
        _problem = error.Message;
        return OnFailed.InvokeAsync();
    }

    private string Thumbnail(Sample sample) =>
        $"api/datasets/{Uri.EscapeDataString(Dataset)}/images/{string.Join('/', sample.Id.Split('/').Select(Uri.EscapeDataString))}"
        + $"?split={Uri.EscapeDataString(_split)}";

    public void Dispose()
    {
        _choice++;
        _leaving.Cancel();
    }
}
