using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Pipelines;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Plans;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Pipelines;

/// <summary>A pipeline's form, kept in the address, and the plan that follows from it and from the runs that there are.</summary>
public sealed partial class PipelinePage : IDisposable
{
    /// <summary>Launches that the list shows.</summary>
    private const int Recent = 8;

    private IReadOnlyList<DatasetEntry>? _datasets;
    private IReadOnlyList<PipelineReport>? _launched;
    private PlanReport? _plan;
    private IReadOnlyList<OptionFailure> _failures = [];
    private string? _problem;
    private bool _planning;
    private bool _launching;
    private CancellationTokenSource? _stop;
    private StoreWatch? _changes;

    /// <summary>What the plan follows from.</summary>
    private string? _asked;

    private long _listed;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private PipelineLaunch Launch { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private DatasetCatalog Catalog { get; set; } = null!;
    [Inject] private AllowedRoots Roots { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private Pipeline Pipeline => PipelineCatalog.Find(Address["pipeline"]) ?? PipelineCatalog.All[0];
    private string Dataset => Address["dataset"] ?? "cooccurrence";
    private string Preset => Address["preset"] ?? Pipeline.Presets[0].Name;
    private string Seed => Address["seed"] ?? "0";
    private string Device => Address["device"] ?? "cpu";
    private IReadOnlyList<PipelineStage> Stages => Pipeline.StagesOf(Address["choice"]);

    private string CommandLine
    {
        get
        {
            List<string> words = ["./run", "pipeline", Pipeline.Name, "--dataset", Dataset, "--preset", Preset];
            foreach (
                var (option, value, usual) in new[] { ("--seed", Seed, "0"), ("--device", Device, "cpu"), ("--name", Address["name"] ?? "", "") })
                if (value != usual)
                    words.AddRange([option, value]);
            if (Address["choice"] is { } choice && Pipeline.Choice is { } known)
                words.AddRange(["--set", $"{known.Name}={choice}"]);
            foreach (var assignment in Address.All("set"))
                words.AddRange(["--set", assignment]);
            return string.Join(' ', words.Select(LaunchForm.ForShell));
        }
    }

    protected override async Task OnInitializedAsync()
    {
        // What there is decides what has to be made.
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(LookAgain));
        try
        {
            // Opens every registered folder, and files: not on the circuit's thread.
            (_datasets, _launched) = await Task.Run(() => (Catalog.List(), Reports()));
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            (_datasets, _launched, _problem) = (_datasets ?? [], _launched ?? [], error.Message);
        }
    }

    protected override void OnParametersSet()
    {
        var asked =
            string.Join('\n', new[] { Pipeline.Name, Dataset, Preset, Seed, Device, Address["choice"], Address["name"] }.Concat(Address.All("set")));
        if (_asked == asked)
            return;
        _asked = asked;
        _ = PlanAsync();
    }

    private async Task PlanAsync()
    {
        _stop?.Cancel();
        using var stop = _stop = new CancellationTokenSource();
        (_planning, _problem) = (true, null);
        try
        {
            var (pipeline, request) = (Pipeline, Request());
            var plan = await Task.Run(() => Launch.PlanAsync(pipeline, PipelineEndpoints.Allowed(pipeline, request, Roots), stop.Token), stop.Token);
            if (!stop.IsCancellationRequested)
                (_plan, _failures) = (plan, []);
        }
        catch (OperationCanceledException)
        {
            // The form has changed meanwhile, or the page was left.
        }
        catch (Exception error) when (!stop.IsCancellationRequested && TryShow(error))
        {
            _plan = null;
        }
        finally
        {
            if (_stop == stop)
            {
                (_stop, _planning) = (null, false);
                StateHasChanged();
            }
        }
    }

    private async Task LaunchAsync()
    {
        if (_plan is null || _launching)
            return;
        _launching = true;
        try
        {
            var request = PipelineEndpoints.Allowed(Pipeline, Request(), Roots);
            var record = await Launch.SubmitAsync(Pipeline, request);
            // Still launching, until the browser is there: a second click on the way launches nothing again.
            Navigation.NavigateTo($"pipeline/{record.Group}");
        }
        catch (Exception error) when (TryShow(error))
        {
            _launching = false;
        }
    }

    private bool TryShow(Exception error)
    {
        if (error is not (InvalidRunException or DatasetException or IOException or UnauthorizedAccessException))
            return false;
        _failures = error is InvalidRunException invalid ? invalid.Failures : [];
        _problem = error is InvalidRunException ? null : error.Message;
        return true;
    }

    /// <exception cref="InvalidRunException">With all that cannot be read.</exception>
    private PipelineRequest Request()
    {
        var isSeed = long.TryParse(Seed, out var seed);
        var failures = isSeed ? new List<OptionFailure>() : [new("seed", $"seed: '{Seed}' is not a whole number of at least 0.")];
        if (Dataset == "")
            failures.Add(new("dataset", "dataset: choose one, or give the path of a folder."));
        var (choice, options) = PipelineAssignments.Read(Pipeline, Address.All("set"), failures);
        return failures.Count == 0
            ? new(Dataset, Preset, seed, Device, Address["choice"] ?? choice, options, Address["name"])
            : throw new InvalidRunException(failures);
    }

    private async Task LookAgain()
    {
        if (_listed == Store.ListVersion)
            return;
        _listed = Store.ListVersion;
        _launched = await Task.Run(Reports);
        await PlanAsync();
    }

    private IReadOnlyList<PipelineReport> Reports() => [.. Launch.Newest(Recent).Select(Launch.Report)];

    private static string IconOf(PlanStep step) => step switch
    {
        PlanStep.Reuse => "check",
        PlanStep.Wait => "schedule",
        PlanStep.Resume => "resume",
        _ => "add",
    };

    private static string TextOf(PlanStep step) => step switch
    {
        PlanStep.Reuse => "reused",
        PlanStep.Wait => "runs already",
        PlanStep.Resume => "goes on",
        _ => "to be made",
    };

    private static string[] Lines(string? text) => (text ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private string? FailureOf(string option) => _failures.FirstOrDefault(failure => failure.Option == option)?.Message;

    private string? Invalid(string option) => FailureOf(option) is null ? null : "true";

    public void Dispose()
    {
        _changes?.Dispose();
        _stop?.Cancel();
    }
}
