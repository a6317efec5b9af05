using System.CommandLine;
using System.Globalization;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Backend.Runs.Sweeps;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Sweeps;
using Dashboard.Web.Cli.Display;

namespace Dashboard.Web.Cli.Launch;

/// <summary>
/// <c>dashboard sweep TARGET</c>: a method or a pipeline with many values of its options, in the foreground. Finished points are reused.
/// </summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var target = new Argument<string>("TARGET")
        {
            Description = $"A method ({string.Join(", ", MethodCatalog.All.Select(known => known.Name))}) or a pipeline "
                + $"({string.Join(", ", PipelineCatalog.All.Select(known => known.Name))}).",
        };
        var dataset = LaunchOptions.Dataset();
        var axis = new Option<string[]>("--axis") { HelpName = "OPTION=VALUES", Arity = ArgumentArity.OneOrMore,
            Description = "What is tried of an option: 4,16,64 or 20..100, 20..100:log, 20..100/5 (five numbers of a grid). May be given several "
                + "times; in a pipeline as STAGE.OPTION=VALUES." };
        var runs = new Option<int?>("--runs") { HelpName = "N", Description = "How many points are drawn. Without it: the whole grid." };
        var sampling = new Option<SweepSampling?>("--sampling") { HelpName = "grid|random|sobol",
            Description = "How points are chosen. Without it: the grid, or Sobol's sequence where --runs is given." };
        var samplingSeed = new Option<long>("--sampling-seed") { HelpName = "N", Description = "Seed of the choice of points. Without it: 0." };
        var seeds = new Option<string?>("--seeds") { HelpName = "N,N,...",
            Description = "Every point is trained with each seed. Without it: only 0." };
        var halving = new Option<bool>("--halving")
        {
            Description = "All points start with few epochs; the best third goes on with three times as many.",
        };
        var ablation = new Option<bool>("--ablation")
        {
            Description = "The points are the variants of the method's ablation, as in its paper. Not together with --axis.",
        };
        var hours = new Option<double?>("--hours") { HelpName = "H", Description = "Starts no further run after this many hours." };
        var preset = new Option<string?>("--preset") { HelpName = "P", Description = "Named options of all points." };
        var device = LaunchOptions.Device();
        var set = new Option<string[]>("--set") { HelpName = "NAME=VALUE", Description = "Sets one option of all points; may be given several times.",
            Arity = ArgumentArity.OneOrMore };
        var input = new Option<string[]>("--input") { HelpName = "ROLE=RUN", Description = "An earlier run that every point starts from.",
            Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "A title." };
        var plan = new Option<bool>("--plan") { Description = "Prints the points and how many runs they take; queues nothing." };
        var json = new Option<bool>("--json") { Description = "Prints the result as one JSON object." };
        var command = new Command("sweep",
            "Runs a method or a pipeline with many values of its options, in the foreground; Ctrl-C stops it, the same command goes on.")
        {
            target, dataset, axis, runs, sampling, samplingSeed, seeds, halving, ablation, hours, preset, device, set, input, name, plan, json,
        };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            var request = new SweepRequest(
                parsed.GetValue(target)!, TrainCommand.FolderOrName(parsed.GetValue(dataset)!), parsed.GetValue(axis), parsed.GetValue(preset),
                parsed.GetValue(device), parsed.GetValue(sampling), parsed.GetValue(runs), SeedsOf(parsed.GetValue(seeds)),
                parsed.GetValue(samplingSeed), parsed.GetValue(halving), parsed.GetValue(hours), parsed.GetValue(set),
                TrainCommand.Inputs(parsed.GetValue(input) ?? [], context), parsed.GetValue(name), parsed.GetValue(ablation));
            return parsed.GetValue(plan) ? Plan(request, parsed.GetValue(json), context) : ExecuteAsync(request, parsed.GetValue(json), context);
        });
        return command;
    }

    /// <exception cref="InvalidRunException">One of them is not a whole number.</exception>
    private static long[]? SeedsOf(string? typed) => typed is null ? null : [.. typed.Split(',', StringSplitOptions.TrimEntries).Select(seed =>
        long.TryParse(seed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidRunException("seeds", $"seeds: '{seed}' is not a whole number. Separate seeds by commas: 0,1,2."))];

    private static Task<int> Plan(SweepRequest request, bool json, CommandContext context)
    {
        using var store = RunStore.Look(context.Data, context.Time);
        var sweep = SweepPlan.Of(request);
        var plan = Settle(sweep, new ForegroundPlan(context), store);
        if (json)
            Console.WriteLine(JsonResult.Of(
                new
                {
                    request.Target, Points = sweep.Points.Select(point => point.Values), sweep.Rungs, sweep.Seeds,
                    Runs = plan.Runs.CountBy(run => run.Step).ToDictionary(step => step.Key, step => step.Value),
                }));
        else
        {
            var table = new CommandTable([new("Point", IsNumber: true),
                .. sweep.Axes.Select(axis => new CommandTable.Column(axis.Option, IsNumber: true))]);
            foreach (var (i, point) in sweep.Points.Index())
                table.Add([$"{i + 1}", .. point.Values.Values.Select(value => OptionField.Format(value))]);
            table.Print();
            Console.WriteLine(Summary(sweep, plan));
        }
        return Task.FromResult(DashboardCommand.Done);
    }

    private static string Summary(SweepPlan sweep, SettledPlan plan) =>
        $"{sweep.Points.Count} points, {sweep.Seeds.Count} {(sweep.Seeds.Count == 1 ? "seed" : "seeds")}: "
        + $"{plan.Runs.Count(run => run.IsQueued)} runs to make, "
        + $"{plan.Runs.Count(run => run.Step == PlanStep.Reuse)} reused"
        + (sweep.Rungs.Count > 1 ? $"; the best go on with more epochs ({string.Join(", ", sweep.Rungs)})." : ".");

    /// <summary>Of the first rung, all at once: what is wrong is told before anything is queued.</summary>
    private static SettledPlan Settle(SweepPlan sweep, ForegroundPlan foreground, RunStore store) => foreground.Settle(
        [.. sweep.Runs([.. Enumerable.Range(0, sweep.Points.Count)], rung: 0).SelectMany(run => run.Runs)], store);

    private static async Task<int> ExecuteAsync(SweepRequest request, bool json, CommandContext context)
    {
        var sweep = SweepPlan.Of(request);
        var record = new SweepRecord(PipelineRecord.NewGroup("sweep", context.Time), request, context.Time.GetUtcNow(),
            [.. sweep.Points.Select(point => new RecordedPoint(point.Values, []))], sweep.Rungs);
        using (var store = RunStore.Look(context.Data, context.Time))
            await Console.Error.WriteLineAsync(Summary(sweep, Settle(sweep, new ForegroundPlan(context), store)));

        IReadOnlyList<int> points = [.. Enumerable.Range(0, sweep.Points.Count)];
        for (var rung = 0; rung < sweep.Rungs.Count; rung++)
        {
            (record, var ended) = await RungAsync(sweep, record, points, rung, context);
            if (!ended)
                return DashboardCommand.Failed;
            using var store = RunStore.Look(context.Data, context.Time);
            points = new SuccessiveHalving().Promoted(
                [.. SweepReport.Of(record, store).Points.Where(point => point.Rung == rung).Select(point => (point.Point, point.Miou))]);
            if (points.Count == 0)
                break;
        }
        // Written when it is over: a dashboard beside this command would take it further by itself.
        record.Write(context.Data);
        using var after = RunStore.Look(context.Data, context.Time);
        var report = SweepReport.Of(record, after);
        if (json)
            Console.WriteLine(JsonResult.Of(report));
        else
            Print(report);
        return report.Best is null ? DashboardCommand.Failed : DashboardCommand.Done;
    }

    /// <summary>One run after the other. A run that fails is a point without a score; the others go on.</summary>
    /// <returns>False where a person has stopped it, or its time is over.</returns>
    private static async Task<(SweepRecord Record, bool Ended)> RungAsync(SweepPlan sweep, SweepRecord record, IReadOnlyList<int> points, int rung,
        CommandContext context)
    {
        var (foreground, launched) = (new ForegroundPlan(context), new List<(int, string)>());
        foreach (var (point, seed, runs) in sweep.Runs(points, rung, record.Group))
        {
            if (record.Request.Hours is { } hours && context.Time.GetUtcNow() > record.Created.AddHours(hours))
            {
                await Console.Error.WriteLineAsync($"The {hours:0.##} hours are over. Run the same command again to go on.");
                return (record.With(launched), false);
            }
            SettledPlan plan;
            using (var store = RunStore.Look(context.Data, context.Time))
                foreground.Write(plan = foreground.Settle(runs, store));
            launched.Add((point, plan.Wanted[^1].Spec.Id));
            var length = sweep.Rungs[rung] is { } epochs ? $", {epochs} epochs" : "";
            await Console.Error.WriteLineAsync($"Point {point + 1} of {sweep.Points.Count}, seed {seed}{length}: "
                + string.Join(", ", sweep.Points[point].Values.Select(value => $"{value.Key} {OptionField.Format(value.Value)}")));
            await foreground.ExecuteAsync(plan, (run, folder) => new ForegroundRun(context, folder, run.Spec).ExecuteAsync(json: null));
            if (RunStore.Look(context.Data.Run(plan.Wanted[^1].Spec.Id), context.Time).State == RunState.Cancelled)
            {
                await Console.Error.WriteLineAsync("The sweep was stopped. Run the same command again to go on.");
                return (record.With(launched), false);
            }
        }
        return (record.With(launched), true);
    }

    private static void Print(SweepReport report)
    {
        var table = new CommandTable([
            .. report.Axes.Select(axis => new CommandTable.Column(axis, IsNumber: true)),
            new("Epochs", IsNumber: true), new("mIoU", IsNumber: true), new("Lowest", IsNumber: true), new("Highest", IsNumber: true),
            new("Run", IsWhole: true),
        ]);
        foreach (var point in report.Points.OrderByDescending(point => point.Rung).ThenByDescending(point => point.Miou))
            table.Add([
                .. point.Values.Values.Select(value => OptionField.Format(value)), $"{report.Rungs[point.Rung]}", Percent(point.Miou),
                Percent(point.Lowest), Percent(point.Highest), point.Runs[0].Run,
            ]);
        table.Print();
    }

    private static string Percent(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:0.00}") : "";
}
