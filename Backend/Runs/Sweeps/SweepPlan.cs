using System.Text.Json.Nodes;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Sweeps;

namespace Dashboard.Backend.Runs.Sweeps;

/// <summary>The points of a sweep, its rungs, and the runs of each.</summary>
public sealed class SweepPlan
{
    /// <summary>Runs of one sweep: the plan of all is made at once.</summary>
    public const int MostRuns = 10_000;

    /// <summary>Letters of the values in a run's name.</summary>
    private const int LongestName = 60;

    private readonly SweepTarget _target;

    private SweepPlan(SweepRequest request, SweepTarget target, IReadOnlyList<SweepAxis> axes, IReadOnlyList<SweepPoint> points,
        IReadOnlyList<int?> rungs)
    {
        (Request, _target, Axes, Points, Rungs) = (request, target, axes, points, rungs);
    }

    public SweepRequest Request { get; }
    public string Title => _target.Title;
    public IReadOnlyList<SweepAxis> Axes { get; }
    public IReadOnlyList<SweepPoint> Points { get; }

    /// <summary>Epochs of each rung; one without a number where nothing is halved.</summary>
    public IReadOnlyList<int?> Rungs { get; }

    public IReadOnlyList<long> Seeds => SeedsOf(Request);

    public static IReadOnlyList<long> SeedsOf(SweepRequest request) => request.Seeds is { Count: > 0 } seeds ? [.. seeds.Distinct()] : [0];

    /// <exception cref="InvalidRunException">
    /// With everything that is wrong with the sweep itself; the planner finds what is wrong with its runs.
    /// </exception>
    public static SweepPlan Of(SweepRequest request)
    {
        var failures = new List<OptionFailure>();
        if (SweepTarget.Find(request.Target) is not { } target)
            throw new InvalidRunException("target", SweepTarget.NotFound(request.Target));
        var axes = request.Ablation
            ? AblationAxes(request, target, failures)
            : [.. (request.Axes ?? []).Select(typed => SweepAxis.Parse(typed, target.FindOption, failures)).OfType<SweepAxis>()];
        Check(request, axes, failures);
        var epochs = EpochsToHalve(request, target, axes, failures);
        if (failures.Count > 0)
            throw new InvalidRunException(failures);

        var points = request.Ablation
            ? AblationPoints(axes, target)
            : SweepSampler.Points(axes, SamplingOf(request), request.Points, request.SamplingSeed);
        var plan = new SweepPlan(request, target, axes, points,
            epochs is null ? [null] : [.. new SuccessiveHalving().Rungs(points.Count, epochs.Value).Select(rung => (int?)rung)]);
        if ((long)points.Count * plan.Seeds.Count > MostRuns)
            throw new InvalidRunException("points",
                $"points: {points.Count} points with {plan.Seeds.Count} seeds are more than {MostRuns} runs. Name fewer, or fewer values.");
        return plan;
    }

    /// <summary>The runs of some points in a rung, point by point and seed by seed.</summary>
    /// <param name="group">Borne by the runs that are made.</param>
    /// <returns>For each point and seed the runs, the scored one last.</returns>
    /// <exception cref="InvalidRunException">With everything that is wrong.</exception>
    public IReadOnlyList<(int Point, long Seed, IReadOnlyList<WantedRun> Runs)> Runs(IReadOnlyList<int> points, int rung, string? group = null)
    {
        var failures = new List<OptionFailure>();
        var runs = points.SelectMany(point => Seeds.Select(seed => (point, seed,
            _target.Runs(Request with { Name = NameOf(point, seed) }, Assignments(point, rung), seed, $"point {point + 1}, seed {seed}", group,
                failures)))).ToList();
        return failures.Count == 0 ? runs : throw new InvalidRunException([.. failures.Distinct()]);
    }

    /// <summary>What its runs are called: by what is tried, "learningRate 0.01, optimizer adamW, seed 0", or by number where that is long.</summary>
    private string NameOf(int point, long seed)
    {
        var values = string.Join(", ", Points[point].Values.Select(value => $"{value.Key} {OptionField.Format(value.Value)}"));
        var name = $"{(values.Length is > 0 and <= LongestName ? values : $"point {point + 1}")}, seed {seed}";
        return string.IsNullOrWhiteSpace(Request.Name) ? name : $"{Request.Name.Trim()}, {name}";
    }

    private List<string> Assignments(int point, int rung) =>
    [
        .. Request.Set ?? [],
        .. Points[point].Values.Select(value => $"{value.Key}={OptionField.Format(value.Value)}"),
        .. Rungs[rung] is { } epochs && rung < Rungs.Count - 1 ? [$"epochs={epochs}"] : (string[])[],
    ];

    private static SweepSampling SamplingOf(SweepRequest request) =>
        request.Sampling ?? (request.Points is null ? SweepSampling.Grid : SweepSampling.Sobol);

    private static void Check(SweepRequest request, List<SweepAxis> axes, List<OptionFailure> failures)
    {
        if (request.Ablation ? request.Axes is { Count: > 0 } || request.Points is not null : request.Axes is not { Count: > 0 })
            failures.Add(request.Ablation
                ? new("axis", "axis: the ablation has points of its own. Leave out the axes and their number, or the ablation.")
                : new("axis", $"axis: name at least one option and what is tried of it: {SweepAxis.Form}."));
        if (axes.GroupBy(axis => axis.Option).FirstOrDefault(same => same.Count() > 1) is { } twice)
            failures.Add(new("axis", $"axis: {twice.Key} is named twice. Name all its values in one."));
        if (request.Points is < 1)
            failures.Add(new("points", $"points: {request.Points} is not a number of points. Choose at least 1."));
        if (request.Points is null && SamplingOf(request) != SweepSampling.Grid)
            failures.Add(new("points", "points: say how many points are drawn. Only a grid has an end of its own."));
        if (SamplingOf(request) == SweepSampling.Sobol && axes.Count > SobolSequence.MostDimensions)
            failures.Add(new("sampling",
                $"sampling: Sobol's sequence has {SobolSequence.MostDimensions} axes at most. Choose random, or fewer axes."));
        if (SamplingOf(request) == SweepSampling.Grid && request.Points is null && SweepSampler.GridSize(axes) > MostRuns)
            failures.Add(new("axis", $"axis: the grid has more than {MostRuns} points. Name fewer values, or say how many points are drawn."));
        if (request.Points > MostRuns)
            failures.Add(new("points", $"points: {request.Points} is more than {MostRuns}. Choose fewer."));
        if (request.Hours is { } hours && (!double.IsFinite(hours) || hours <= 0))
            failures.Add(new("hours", $"hours: {hours} is not a time. Choose a number above 0, or leave it out."));
    }

    /// <returns>The epochs of a whole training; null where nothing is halved.</returns>
    private static int? EpochsToHalve(SweepRequest request, SweepTarget target, List<SweepAxis> axes, List<OptionFailure> failures)
    {
        if (!request.Halving)
            return null;
        if (target.Options(request)?["epochs"] is not JsonValue epochs)
            failures.Add(new("halving", $"halving: {request.Target} has no option epochs that could be shortened. Leave halving out."));
        else if (axes.Any(axis => axis.Option == "epochs"))
            failures.Add(new("halving", "halving: the epochs cannot be shortened and tried as an axis at once. Leave out one of the two."));
        else
            return (int)epochs.GetValue<long>();
        return null;
    }

    /// <summary>The weights that the ablation leaves out: nothing, or as much as in the full method.</summary>
    private static List<SweepAxis> AblationAxes(SweepRequest request, SweepTarget target, List<OptionFailure> failures)
    {
        if (target.Ablation.Count == 0)
            failures.Add(new("ablation", $"ablation: {request.Target} has none. Methods with one: "
                + $"{string.Join(", ", MethodCatalog.All.Where(known => known.Ablation.Count > 0).Select(known => known.Name))}."));
        var options = target.Options(request);
        return [.. target.Ablation.SelectMany(variant => variant.Without).Distinct()
            .Select(name => new SweepAxis(name, [JsonValue.Create(0.0), options?[name]?.DeepClone() ?? JsonValue.Create(0.0)], null))];
    }

    private static IReadOnlyList<SweepPoint> AblationPoints(List<SweepAxis> axes, SweepTarget target) =>
        [.. target.Ablation.Select(variant => new SweepPoint(axes.ToDictionary(axis => axis.Option,
            axis => axis.Values[variant.Without.Contains(axis.Option) ? 0 : 1])))];
}
