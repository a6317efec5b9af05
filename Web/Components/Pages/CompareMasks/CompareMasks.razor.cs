using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Web.Compare;
using Dashboard.Web.Components.Compare;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Pages.CompareMasks;

/// <summary>Two to four sources on the same images: in panes, as a strip of images, and in tables.</summary>
public sealed partial class CompareMasks : IAsyncDisposable
{
    private IReadOnlyList<CompareSource> _available = [];
    private IReadOnlyList<SourceKey> _missing = [];
    private string _missingNames = "";
    private CompareView _view = new();
    private LoadedComparison? _comparison;
    private ComparisonScores? _scores;
    private IReadOnlyList<RankedImage>? _ranked;
    private WorkProgress? _progress;
    private string? _problem;

    /// <summary>What can be compared is known.</summary>
    private bool _isRead;

    /// <summary>A run has finished, or was renamed or deleted, while that was being found out.</summary>
    private bool _hasChanged;
    private string? _scoreProblem;

    /// <summary>Counts the loads: what an outdated one brings is dropped, and after the page is left all of it.</summary>
    private int _load;

    /// <summary>As chosen, with those that are missing.</summary>
    private IReadOnlyList<SourceKey> _asked = [];

    private bool _isLeft;

    private CompareViewer? _viewer;
    private FilmStrip? _film;
    private StoreWatch? _changes;
    private IJSObjectReference? _address;

    [Inject] private CompareCatalog Catalog { get; set; } = null!;
    [Inject] private CompareScores Scores { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;

    private int MatrixSource => _comparison!.Scored.Contains(_view.Matrix) ? _view.Matrix : _comparison.Scored.Count > 0 ? _comparison.Scored[0] : 0;

    /// <summary>Sorted as chosen; until the scores are there, as the split lists them.</summary>
    private IEnumerable<string> Order => _ranked?.Select(image => image.Sample.Id) ?? _comparison!.Samples.Select(sample => sample.Id);

    private string Position =>
        _view.Image is { } image && Order.ToList().IndexOf(image) is >= 0 and var place ? $"{place + 1:N0} of {Order.Count():N0}" : "";

    protected override async Task OnInitializedAsync()
    {
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(RefreshAvailableAsync), StoreWatch.Resting(Store));
        Navigation.LocationChanged += OnLocationChanged;
        _view = CompareView.Parse(Navigation.Uri);
        // Looks into every run's folder: not on the circuit's thread.
        _available = await Task.Run(Catalog.Sources);
        _isRead = true;
        if (_isLeft)
            return;
        await LoadAsync();
        await WriteAddressAsync();
        if (_hasChanged)
            await RefreshAvailableAsync();
    }

    /// <summary>A run has finished, or was renamed or deleted.</summary>
    private async Task RefreshAvailableAsync()
    {
        if (!_isRead)
        {
            _hasChanged = true;
            return;
        }
        var available = await Task.Run(Catalog.Sources);
        if (available.Select(source => source.Name).SequenceEqual(_available.Select(source => source.Name)))
            return;
        var isFirst = _available.Count == 0;
        // A link may be quicker than the look at the run's folder.
        var hasCome = _missing.Any(key => available.Any(source => source.Key == key) && _available.All(source => source.Key != key));
        _available = available;
        // What is on the page would go on with files that are gone.
        var isGone = _comparison?.Sources.Any(source => !source.IsTruth && available.All(other => other.Key != source.Key)) == true;
        if (hasCome)
            _view = _view.WithSources(_asked);
        if (!isFirst && !isGone && !hasCome)
        {
            StateHasChanged();
            return;
        }
        await LoadAsync();
        await WriteAddressAsync();
    }

    /// <summary>A link to this page from this page, or the way back to what was looked at before.</summary>
    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        if (Navigation.ToBaseRelativePath(e.Location).Split('?')[0] != CompareView.Path)
            return;
        var view = CompareView.Parse(e.Location);
        // The browser's way back or forth, which Blazor tells like a link: what is looked at changes, the sliders stay where they are.
        if (_comparison is not null && view.Sources.SequenceEqual(_view.Sources))
            _ = InvokeAsync(() => ApplyAsync(view with { Thresholds = _view.Thresholds }));
        else
            _ = InvokeAsync(async () =>
            {
                _view = view;
                await LoadAsync();
                await WriteAddressAsync();
            });
    }

    private async Task ChangeAsync(CompareView view)
    {
        var before = _view;
        await ApplyAsync(view);
        await WriteAddressAsync(isStep: before.Image is not null && view.LooksElsewhere(before));
    }

    /// <summary>Shows what a visitor has chosen, or has gone back to.</summary>
    private async Task ApplyAsync(CompareView view)
    {
        var (before, load) = (_view, _load);
        _view = view;
        if (!view.Sources.SequenceEqual(before.Sources))
        {
            await LoadAsync();
            return;
        }
        try
        {
            if (!view.Thresholds.SequenceEqual(before.Thresholds))
                await ScoreAsync(load);
            else if ((view with { Image = before.Image, Page = before.Page }) != before)
                await RankAsync(load);
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            (_scoreProblem, _progress) = (error.Message, null);
        }
        StateHasChanged();
    }

    private Task ChangeThresholdsAsync(IReadOnlyList<double?> thresholds) => ChangeAsync(_view with { Thresholds = thresholds });

    private async Task OpenAsync(string image)
    {
        var change = ChangeAsync(_view with { Image = image, Page = null });
        if (_viewer is not null)
            await _viewer.RevealAsync();
        await change;
    }

    private async Task OpenCellAsync(MatrixCell cell)
    {
        var load = _load;
        await ChangeAsync(_view with { Cell = cell == _view.Cell ? null : cell, Matrix = MatrixSource, Order = null, Page = 1 });
        if (load == _load && _film is not null && _address is not null)
            await _address.InvokeVoidAsync("scrollTo", _film.Root);
    }

    private async Task StepAsync(int step)
    {
        if (Neighbour(step) is { } image)
            await ChangeAsync(_view with { Image = image, Page = null });
    }

    private string? Neighbour(int step)
    {
        var order = Order.ToList();
        return order.ElementAtOrDefault(_view.Image is { } image ? order.IndexOf(image) + step : -1);
    }

    /// <summary>Of the chosen image; where none is, of the first in sight, or the first of all where the filters leave none.</summary>
    private ViewerModel? Viewer => _comparison is { Samples: [var first, ..] } comparison
        ? ViewerModel.Of(comparison, _view, _scores,
            comparison.Samples.FirstOrDefault(sample => sample.Id == (_view.Image ?? Order.FirstOrDefault())) ?? first, Neighbour(1))
        : null;

    private async Task WriteTableAsync()
    {
        if (_viewer is not null)
            await _viewer.WriteTableAsync();
    }

    /// <param name="isStep">The browser's way back undoes it.</param>
    private async Task WriteAddressAsync(bool isStep = false)
    {
        try
        {
            _address ??= await Script.InvokeAsync<IJSObjectReference>("import", "/js/compare/address.js");
            if (!_isLeft)
                await _address.InvokeVoidAsync(isStep ? "pushChoicesOf" : "writeChoicesOf", $"/{CompareView.Path}", _view.ToQuery());
        }
        catch (Exception error) when (error is JSDisconnectedException || (_isLeft && error is ObjectDisposedException or OperationCanceledException))
        {
            // The page was closed or left meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isLeft = true;
        _load++;
        Navigation.LocationChanged -= OnLocationChanged;
        _changes?.Dispose();
        try
        {
            if (_address is not null)
                await _address.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
    }
}
