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
    private PlannedLaunch<PlanReport> _planned = null!;
    private StoreWatch? _changes;

    /// <summary>Why data sets or earlier pipelines are missing; null where they are not.</summary>
    private string? _unread;

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
        _planned = new(StateHasChanged);
        // What there is decides what has to be made.
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(LookAgain));
        try
        {
            // Opens every registered folder, and files: not on the circuit's thread.
            (_datasets, _launched) = await Task.Run(() => (Catalog.List(), Reports()));
        }
        catch (Exception error) when (error is DatasetException or IOException or UnauthorizedAccessException)
        {
            (_datasets, _launched, _unread) = (_datasets ?? [], _launched ?? [], error.Message);
        }
    }

    protected override void OnParametersSet()
    {
        var form =
            string.Join('\n', new[] { Pipeline.Name, Dataset, Preset, Seed, Device, Address["choice"], Address["name"] }.Concat(Address.All("set")));
        _ = _planned.FollowAsync(form, PlanAsync);
    }

    private Task<PlanReport> PlanAsync(CancellationToken stop)
    {
        var (pipeline, request) = (Pipeline, Request());
        return Task.Run(() => Launch.PlanAsync(pipeline, PipelineEndpoints.Allowed(pipeline, request, Roots), stop), stop);
    }

    private Task LaunchAsync() => _planned.LaunchAsync(async () =>
    {
        var record = await Launch.SubmitAsync(Pipeline, PipelineEndpoints.Allowed(Pipeline, Request(), Roots));
        Navigation.NavigateTo($"pipeline/{record.Group}");
    });

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
        await _planned.PlanAsync(PlanAsync);
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

    private static string TimeOf(PlannedStage stage) => stage switch
    {
        { Step: PlanStep.Reuse } => "no time",
        { Seconds: { } seconds } => $"about {Format.Seconds(seconds)}",
        _ => "time unknown",
    };

    private string? Invalid(string option) => _planned.FailureOf(option) is null ? null : "true";

    public void Dispose()
    {
        _changes?.Dispose();
        _planned?.Dispose();
    }
}
