using System.Globalization;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Sweeps;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Sweeps;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Plans;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Sweeps;

/// <summary>A sweep's form, kept in the address, and the points that follow from it.</summary>
public sealed partial class SweepPage : IDisposable
{
    /// <summary>Launches that the list shows.</summary>
    private const int Recent = 8;

    /// <summary>Points that the plan shows.</summary>
    private const int Shown = 30;

    private IReadOnlyList<DatasetEntry>? _datasets;
    private IReadOnlyList<SweepReport>? _launched;
    private PlannedLaunch<SettledSweep> _planned = null!;
    private StoreWatch? _changes;

    /// <summary>Why data sets or earlier sweeps are missing; null where they are not.</summary>
    private string? _unread;

    private long _listed;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private SweepLaunch Launch { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private DatasetCatalog Catalog { get; set; } = null!;
    [Inject] private AllowedRoots Roots { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private string Target => Address["target"] ?? "clims";
    private bool IsPipeline => PipelineCatalog.Find(Target) is not null;
    private string Dataset => Address["dataset"] ?? "cooccurrence";
    private string? Preset => Address["preset"] ?? Presets.Select(preset => preset.Name).FirstOrDefault();
    private string Sampling => Address["sampling"] ?? "grid";
    private string Seeds => Address["seeds"] ?? "0";
    private string Device => Address["device"] ?? "cpu";
    private bool IsHalving => Address["halving"] == "on";
    private bool IsAblation => Address["ablation"] == "on" && HasAblation;
    private bool HasAblation => MethodCatalog.Find(Target)?.Ablation.Count > 0;
    private bool HasPoints => IsAblation || Address.All("axis").Count > 0;

    private IEnumerable<(string Name, string Title)> Presets => MethodCatalog.Find(Target) is { } method
        ? method.Presets.Select(preset => (preset.Name, preset.Title))
        : PipelineCatalog.Find(Target)?.Presets.Select(preset => (preset.Name, preset.Title)) ?? [];

    private string AxisExample => IsPipeline ? "clims.regWeight=20..100:log"
        : Target == "clims" ? "cbsWeight=4,16,64\nregWeight=20..100:log" : "learningRate=0.001,0.01";

    private string CommandLine
    {
        get
        {
            List<string> words = ["./run", "sweep", Target, "--dataset", Dataset, "--preset", Preset ?? ""];
            if (IsAblation)
                words.Add("--ablation");
            foreach (var axis in IsAblation ? [] : Address.All("axis"))
                words.AddRange(["--axis", axis]);
            foreach (var (option, value, usual) in new[]
            {
                ("--sampling", Sampling, Address["points"] is null ? "grid" : "sobol"), ("--runs", Address["points"] ?? "", ""),
                ("--seeds", Seeds, "0"),
                ("--device", Device, "cpu"), ("--hours", Address["hours"] ?? "", ""), ("--name", Address["name"] ?? "", ""),
            })
                if (value != usual)
                    words.AddRange([option, value]);
            if (IsHalving)
                words.Add("--halving");
            foreach (var assignment in Address.All("set"))
                words.AddRange(["--set", assignment]);
            return string.Join(' ', words.Select(LaunchForm.ForShell));
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _planned = new(StateHasChanged);
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
        string?[] own = [Target, Dataset, Preset, Sampling, Seeds, Device];
        var form = string.Join('\n', own.Concat(new[] { "points", "halving", "ablation", "hours", "name" }.Select(name => Address[name]))
            .Concat(Address.All("axis")).Append("").Concat(Address.All("set")));
        _ = _planned.FollowAsync(form, PlanAsync);
    }

    private Task<SettledSweep> PlanAsync(CancellationToken stop)
    {
        var request = Request();
        return Task.Run(() => Launch.PlanAsync(SweepEndpoints.Allowed(request, Roots), stop), stop);
    }

    private Task LaunchAsync() => _planned.LaunchAsync(async () =>
    {
        var record = await Launch.SubmitAsync(SweepEndpoints.Allowed(Request(), Roots));
        Navigation.NavigateTo($"sweep/{record.Group}");
    });

    /// <exception cref="InvalidRunException">With all that cannot be read.</exception>
    private SweepRequest Request()
    {
        var failures = new List<OptionFailure>();
        int? points = Address["points"] is not { } typed ? null
            : int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count
            : Fail("points", $"points: '{typed}' is not a number of points.");
        double? hours = Address["hours"] is not { } limit ? null
            : double.TryParse(limit, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : FailHours(limit);
        var seeds = new List<long>();
        foreach (var seed in Seeds.Split(',', StringSplitOptions.TrimEntries))
            if (long.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                seeds.Add(value);
            else
                failures.Add(new("seeds", $"seeds: '{seed}' is not a whole number of at least 0. Separate seeds by commas: 0,1,2."));
        if (!Enum.TryParse<SweepSampling>(Sampling, ignoreCase: true, out var sampling))
            failures.Add(new("sampling", $"sampling: '{Sampling}' is not one of grid, sobol, random."));
        return failures.Count == 0
            ? new(Target, Dataset, IsAblation ? [] : Address.All("axis"), Preset, Device, sampling, IsAblation ? null : points, seeds,
                Halving: IsHalving, Hours: hours, Set: Address.All("set"), Name: Address["name"], Ablation: IsAblation)
            : throw new InvalidRunException(failures);

        int? Fail(string option, string message)
        {
            failures.Add(new(option, message));
            return null;
        }

        double? FailHours(string text)
        {
            failures.Add(new("hours", $"hours: '{text}' is not a number. The decimal mark is a point."));
            return null;
        }
    }

    private async Task LookAgain()
    {
        if (_listed == Store.ListVersion)
            return;
        _listed = Store.ListVersion;
        _launched = await Task.Run(Reports);
        StateHasChanged();
    }

    private IReadOnlyList<SweepReport> Reports() => [.. Launch.Newest(Recent).Select(Launch.Report)];

    private string? Invalid(string option) => _planned.FailureOf(option) is null ? null : "true";

    public void Dispose()
    {
        _changes?.Dispose();
        _planned?.Dispose();
    }
}
