using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.RunForm.Pickers;

public sealed partial class InputPicker : IDisposable
{
    /// <summary>Null until they are known.</summary>
    private IReadOnlyList<RunSummary>? _candidates;

    /// <summary>What the candidates follow from: to find them, the data sets of all runs are looked up.</summary>
    private (MethodInput Input, string Dataset, string? Split, long Runs)? _asked;

    /// <summary>How often the chosen run has moved to another group of the list.</summary>
    private int _moves;

    private StoreWatch? _changes;

    [Parameter, EditorRequired] public required MethodInput Input { get; set; }
    [Parameter, EditorRequired] public required LaunchForm Form { get; set; }

    /// <summary>The chosen run; empty for the queue's choice.</summary>
    [Parameter, EditorRequired] public required string Value { get; set; }

    [Parameter] public EventCallback<string> ValueChanged { get; set; }
    [Parameter] public string? Failure { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IDatasetSource Datasets { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private string Id => "input-" + Input.Role;
    private string Help => "help-" + Id;

    /// <summary>An option names a file that stands for the run.</summary>
    private bool IsReplaced => Value == "" && Form.IsReplaced(Input);

    private string Nothing => IsReplaced ? $"The {Input.ReplacedBy} given below stands for it"
        : Input.MadeBy is null ? "None"
        : $"Reuse or train the {Input.Title} first (same data set, preset and seed)";

    protected override void OnInitialized() => _changes = new StoreWatch(Store, Clock, () => InvokeAsync(RefreshAsync));

    protected override Task OnParametersSetAsync() => LookAsync();

    private async Task RefreshAsync()
    {
        var before = _candidates;
        await LookAsync();
        if (before is null || !_candidates!.Select(Describe).SequenceEqual(before.Select(Describe)))
            StateHasChanged();
    }

    /// <summary>Follows the links of data sets: not on the circuit's thread.</summary>
    private async Task LookAsync()
    {
        var asked = (Input, Dataset: RunDraft.DatasetName(Form.Dataset), Split: RunInputs.SplitOf(Input, Form.Resolved), Store.ListVersion);
        if (_asked == asked)
            return;
        _asked = asked;
        var candidates = await Task.Run(() => RunInputs.Eligible(asked.Input, asked.Dataset,
            MethodCatalog.All.Where(asked.Input.Takes).SelectMany(method => Store.OfMethod(method.Name)), Datasets, asked.Split));
        // Another data set may have been chosen meanwhile.
        if (_asked != asked)
            return;
        if (GroupOf(candidates) != GroupOf(_candidates ?? []))
            _moves++;
        _candidates = candidates;
    }

    /// <summary>Whether the chosen run has finished; null where it stands apart.</summary>
    private bool? GroupOf(IEnumerable<RunSummary> candidates) =>
        candidates.FirstOrDefault(run => run.Spec.Id == Value) is { } chosen ? IsFinished(chosen) : null;

    private static bool IsFinished(RunSummary run) => run.State == RunState.Finished;

    private string Describe(RunSummary run) => string.Join(
        " · ",
        new[]
        {
            run.Spec.DistinctTitle,
            IsFinished(run) ? $"mIoU {Format.Percent(run.Miou)}" : run.State.ToString().ToLowerInvariant(),
            $"seed {run.Spec.Seed}",
            run.Spec.Preset ?? "own options",
            Format.Age(Clock.GetUtcNow() - run.Spec.Created),
        });

    public void Dispose() => _changes?.Dispose();
}
