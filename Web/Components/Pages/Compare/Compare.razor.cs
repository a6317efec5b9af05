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

namespace Dashboard.Web.Components.Pages.Compare;

/// <summary>Two to four sources on the same images: in panes, in a grid, and in tables.</summary>
public sealed partial class Compare : IAsyncDisposable
{
    private IReadOnlyList<CompareSource> _available = [];
    private IReadOnlyList<SourceKey> _missing = [];
    private CompareView _view = new();
    private LoadedComparison? _comparison;
    private ComparisonScores? _scores;
    private IReadOnlyList<RankedImage>? _ranked;
    private WorkProgress? _progress;
    private string? _problem;
    private string? _scoreProblem;

    /// <summary>Counts the loads: what an outdated one brings is dropped, and after the page is left all of it.</summary>
    private int _load;

    /// <summary>As chosen, with those that are missing.</summary>
    private IReadOnlyList<SourceKey> _asked = [];

    private CompareViewer? _viewer;
    private CompareGrid? _grid;
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
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(RefreshAvailableAsync));
        Navigation.LocationChanged += OnLocationChanged;
        _available = Catalog.Sources();
        _view = CompareView.Parse(Navigation.Uri);
        await LoadAsync();
    }

    /// <summary>A run has finished, or was renamed or deleted.</summary>
    private async Task RefreshAvailableAsync()
    {
        var available = Catalog.Sources();
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
        if (isFirst || isGone || hasCome)
            await LoadAsync();
        else
            StateHasChanged();
    }

    /// <summary>A link to this page, from this page.</summary>
    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        if (Navigation.ToBaseRelativePath(e.Location).Split('?')[0] != "compare")
            return;
        _view = CompareView.Parse(e.Location);
        _ = InvokeAsync(LoadAsync);
    }

    private async Task LoadAsync()
    {
        var load = ++_load;
        (_comparison, _scores, _ranked, _problem, _missing) = (null, null, null, null, []);
        StateHasChanged();
        if (_available.Count == 0)
            return;
        if (_view.Sources.Count == 0)
            _view = _view with { Sources = FirstChoice() };
        _asked = _view.Sources;
        var runs = _view.Sources.Select(Catalog.Find).OfType<CompareSource>().ToList();
        if (runs.Count > 0)
            runs.RemoveAll(run => run.Images != runs[0].Images);
        _missing = [.. _view.Sources.Where(key => key.Kind != SourceKind.Truth && runs.All(run => run.Key != key))];
        if (runs.Count == 0)
        {
            _problem = "None of the chosen runs has maps to compare. Choose a run above.";
            return;
        }
        if (_missing.Count > 0)
            _view = _view.WithSources([.. _view.Sources.Except(_missing)]);
        try
        {
            var comparison = await Task.Run(() => LoadedComparison.Load(Catalog, Scores, runs, _view.Sources, Report(load)));
            if (load != _load)
                return;
            _comparison = comparison;
            if (_view.Cell is { } cell && Math.Max(cell.Truth, cell.Prediction) >= comparison.Labels.Count)
                _view = _view with { Cell = null };
            if (_view.Class is { } name && !comparison.Labels.Skip(1).Contains(name))
                _view = _view with { Class = null };
            // The panes need no scores.
            StateHasChanged();
            await ScoreAsync(load);
        }
        catch (Exception error) when (error is DatasetException or ImageException or IOException or UnauthorizedAccessException)
        {
            if (load == _load)
                _problem = error.Message;
        }
        StateHasChanged();
        await WriteAddressAsync(load);
    }

    /// <summary>The newest runs on the newest run's images, and the ground truth.</summary>
    private IReadOnlyList<SourceKey> FirstChoice() =>
        [.. _available.Where(source =>
            source.Images == _available[0].Images).DistinctBy(source => source.Key.Run).Take(2).Select(source => source.Key), SourceKey.Truth];

    private async Task ScoreAsync(int load)
    {
        var (comparison, view) = (_comparison!, _view);
        _scoreProblem = null;
        try
        {
            var scores = await Task.Run(() => ComparisonScores.Load(Scores, comparison, view, Report(load)));
            if (load != _load || view.Thresholds != _view.Thresholds)
                return;
            _scores = scores;
        }
        catch (Exception error)
            when (error is InvalidDataException or DatasetException or ImageException or IOException or UnauthorizedAccessException)
        {
            if (load != _load)
                return;
            (_scoreProblem, _scores) = (error.Message, null);
        }
        _progress = null;
        await RankAsync(load);
    }

    private async Task RankAsync(int load)
    {
        var (comparison, view) = (_comparison!, _view);
        var order = view.Order ?? (view.Cell is null && comparison.Scored.Count > 0 ? new ImageOrder(OrderKind.Lowest, comparison.Scored[0]) : null);
        IReadOnlyDictionary<string, double>? disagreement = null;
        if (order is { Kind: OrderKind.Disagreement, A: var a, B: var b })
        {
            _ranked = null;
            StateHasChanged();
            disagreement = await Task.Run(() =>
                Scores.Disagreement(comparison.Images, view.Sources[a], comparison.Threshold(view, a), view.Sources[b], comparison.Threshold(view, b),
                    Report(load)));
        }
        // Another choice has been made meanwhile, and ranks by itself.
        if (load != _load || view with { Image = _view.Image, Page = _view.Page } != _view)
            return;
        _progress = null;
        int? label = view.Class is { } name && comparison.Labels.ToList().IndexOf(name) is > 0 and var found ? found : null;
        var confusions = _scores?.Confusions ?? [.. comparison.Sources.Select(_ => (Backend.Evaluation.SplitConfusion?)null)];
        _ranked = new ImageRanking(comparison.Samples, confusions, comparison.Labels.Count).Rank(order, label, view.Cell, MatrixSource, disagreement);
        if (_view.Image is null || comparison.Samples.All(sample => sample.Id != _view.Image))
            _view = _view with { Image = Order.FirstOrDefault() };
    }

    /// <summary>Tells the page how far long work is.</summary>
    private IProgress<WorkProgress> Report(int load) => new PacedProgress(Clock, work => _ = InvokeAsync(() =>
    {
        if (load != _load)
            return;
        _progress = work;
        StateHasChanged();
    }));

    private async Task ChangeAsync(CompareView view)
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
        await WriteAddressAsync(load);
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
        if (load == _load && _grid is not null && _address is not null)
            await _address.InvokeVoidAsync("scrollTo", _grid.Root);
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

    private async Task WriteAddressAsync(int load)
    {
        try
        {
            _address ??= await Script.InvokeAsync<IJSObjectReference>("import", "/js/compare/address.js");
            if (load == _load)
                await _address.InvokeVoidAsync("writeChoicesOf", "/compare", _view.ToQuery());
        }
        catch (JSDisconnectedException)
        {
            // The page was closed meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
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
