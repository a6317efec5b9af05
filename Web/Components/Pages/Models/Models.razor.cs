using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Models;

/// <summary>The CLIP models that runs can name: look, add, test, remove.</summary>
public sealed partial class Models : IDisposable
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    private readonly HashSet<string> _testing = [];
    private readonly Dictionary<string, (SelfTestReport? Report, string? Failure)> _tested = [];
    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<PretrainedModel>? _models;
    private IReadOnlyList<RunSummary> _offers = [];
    private IDisposable? _catalogChanges;
    private StoreWatch? _runChanges;
    private CancellationTokenSource? _work;
    private WorkProgress? _progress;
    private string? _problem;
    private string? _failure;

    /// <summary>Counts the looks at the catalogue: what an outdated one brings is dropped.</summary>
    private int _look;

    private LibtorchReport? _libtorch;
    private string _path = "";
    private string _name = "";
    private string _vocabulary = "";
    private string _activation = "";

    [Inject] private ModelCatalog Catalog { get; set; } = null!;
    [Inject] private InferenceClient Inference { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private AllowedRoots Roots { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;
    [Inject] private LibtorchOfWorkers Libtorch { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private double Percent => _progress is { Total: > 0 } part ? 100.0 * part.Done / part.Total : 0;

    protected override async Task OnInitializedAsync()
    {
        // Before the first look: what changes while it lasts is told.
        _runChanges = new StoreWatch(Store, Clock, () => InvokeAsync(ReloadAsync), StoreWatch.Resting(Store));
        var changes = await Task.Run(() => Catalog.Subscribe(() => InvokeAsync(ReloadAsync), Clock));
        if (_left.IsCancellationRequested)
        {
            changes.Dispose();
            return;
        }
        _catalogChanges = changes;
        await LoadAsync();
        _libtorch = await Libtorch.AskAsync();
    }

    private async Task ReloadAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private async Task LoadAsync()
    {
        var look = ++_look;
        try
        {
            // Looks at every file: not on the circuit's thread.
            var (models, offers) = await Task.Run(() =>
            {
                var models = Catalog.List();
                return (models, Offers(models));
            });
            if (look == _look)
                (_models, _offers, _problem) = (models, offers, null);
        }
        catch (ModelException error)
        {
            if (look == _look)
                (_models, _problem) = (_models ?? [], error.Message);
        }
    }

    /// <summary>Finished trainings whose model has no name yet.</summary>
    private List<RunSummary> Offers(IReadOnlyList<PretrainedModel> models) =>
    [
        .. new[] { ClipMethod.Descriptor.Name, SimSegMethod.Descriptor.Name }.SelectMany(Store.OfMethod)
            .Where(run => run.State == RunState.Finished
                && ModelOf(run) is { } path && Directory.Exists(path) && models.All(model => model.Path != path))
            .OrderByDescending(run => run.Spec.Created),
    ];

    private string? ModelOf(RunSummary run) => Store.Folder(run.Spec.Id)?.File("model");

    private async Task AddAsync()
    {
        var (path, name, vocabulary) = (_path.Trim(), NullIfEmpty(_name), NullIfEmpty(_vocabulary));
        _failure = path == "" ? "path: give the file or folder."
            : await Task.Run(() => Roots.Refuse(path)) is { } refused ? $"path: {refused}"
            : vocabulary is not null && await Task.Run(() => Roots.Refuse(vocabulary)) is { } also ? $"vocabulary: {also}"
            : null;
        if (_failure is null && await AddAsync(path, name, vocabulary, ActivationName.Parse(NullIfEmpty(_activation))))
            (_path, _name, _vocabulary, _activation) = ("", "", "", "");
    }

    private Task AddRunAsync(RunSummary run) => AddAsync(ModelOf(run)!, null, null, null);

    private async Task<bool> AddAsync(string path, string? name, string? vocabulary, ClipActivation? activation)
    {
        if (_work is not null)
            return false;
        using var work = CancellationTokenSource.CreateLinkedTokenSource(_left.Token);
        (_work, _progress, _failure) = (work, null, null);
        // Drawn at a steady pace, however quickly the file is read.
        await using var redraw = Clock.CreateTimer(_ => InvokeAsync(StateHasChanged), null, Redraw, Redraw);
        try
        {
            var added = await Task.Run(() => Catalog.Add(path, name, vocabulary, activation, new Latest(this), work.Token), work.Token);
            _tested.Remove(added.Name);
            await LoadAsync();
            return true;
        }
        catch (ModelException error)
        {
            _failure = error.Message;
        }
        catch (OperationCanceledException)
        {
            // Stopped by the person, or the page was left.
        }
        finally
        {
            _work = null;
        }
        return false;
    }

    private async Task TestAsync(PretrainedModel model)
    {
        _testing.Add(model.Name);
        _tested.Remove(model.Name);
        try
        {
            _tested[model.Name] = (await Inference.AskAsync(new SelfTestRequest(model.Name), _left.Token), null);
        }
        catch (InferenceException error)
        {
            _tested[model.Name] = (null, error.Message);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        finally
        {
            _testing.Remove(model.Name);
        }
    }

    private async Task RemoveAsync(PretrainedModel model)
    {
        var uses = ModelUse.Of(Store.Runs.Select(run => run.Spec), model.Name);
        var needed =
            uses.Count == 0
                ? "No run names it."
                : $"{uses.Count} {(uses.Count == 1 ? "run names" : "runs name")} it and cannot be resumed or launched again without it: "
                    + $"{string.Join(", ", uses.Take(5))}{(uses.Count > 5 ? ", …" : "")}.";
        if (!await Confirmation.AskAsync($"Forget the name {model.Name}? The file {model.Path} stays as it is. {needed}", "Remove model", "Remove",
            destructive: true))
            return;
        try
        {
            Catalog.Remove(model.Name);
            _tested.Remove(model.Name);
            await LoadAsync();
        }
        catch (ModelException error)
        {
            _problem = error.Message;
        }
    }

    public void Dispose()
    {
        _left.Cancel();
        _catalogChanges?.Dispose();
        _runChanges?.Dispose();
    }

    private static string? NullIfEmpty(string text) => text.Trim() is { Length: > 0 } given ? given : null;

    private sealed class Latest(Models page) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => page._progress = value;
    }
}
