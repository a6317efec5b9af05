using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Web.Compare;
using Dashboard.Web.Components.Shared;

namespace Dashboard.Web.Components.Pages.CompareMasks;

/// <content>Reads what is compared, scores it and puts the images in order; each step may be overtaken by another choice.</content>
public sealed partial class CompareMasks
{
    private async Task LoadAsync()
    {
        var load = ++_load;
        (_comparison, _scores, _ranked, _problem, _missing) = (null, null, null, null, []);
        StateHasChanged();
        if (_available.Count == 0)
            return;
        if (_view.Sources.Count == 0)
            _view = _view with { Sources = FirstChoice.Of(_available) };
        _asked = _view.Sources;
        var runs = _view.Sources.Select(Catalog.Find).OfType<CompareSource>().ToList();
        if (runs.Count > 0)
            runs.RemoveAll(run => run.Images != runs[0].Images);
        _missing = [.. _view.Sources.Where(key => key.Kind != SourceKind.Truth && runs.All(run => run.Key != key))];
        _missingNames = string.Join(", ", _missing.Select(key => Catalog.Find(key)?.Name ?? key.ToString()));
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
    }

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
}
