using System.CommandLine;
using System.Globalization;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Runs;
using Dashboard.Web.Cli.Display;
using Dashboard.Web.Launch;

namespace Dashboard.Web.Cli.Launch;

/// <summary><c>dashboard pipeline NAME</c>: all stages in the foreground. What has finished before is reused, what has stopped goes on.</summary>
internal static class PipelineCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = $"One of {string.Join(", ", PipelineCatalog.All.Select(known => known.Name))}." };
        var dataset = LaunchOptions.Dataset();
        var preset =
            new Option<string?>("--preset") { HelpName = "P", Description = "Named options of all stages. Without it: the pipeline's first." };
        var seed = new Option<long?>("--seed") { HelpName = "N", Description = "Of every stage. Without it: 0." };
        var device = LaunchOptions.Device();
        var set = new Option<string[]>("--set")
        {
            HelpName = "STAGE.OPTION=VALUE",
            Description = "Sets one option of a stage, or, without a stage, what the pipeline lets one choose; may be given several times.",
            Arity = ArgumentArity.OneOrMore,
        };
        var title = new Option<string?>("--name") { HelpName = "NAME", Description = "A title." };
        var plan = new Option<bool>("--plan") { Description =
            "Prints what would be reused and what would be run, and how long that takes; queues nothing." };
        var json = new Option<bool>("--json") { Description = "Prints the result as one JSON object." };
        var command = new Command("pipeline",
            "Runs every stage of a pipeline in the foreground, and only what has not been made yet; Ctrl-C stops it, the same command goes on.")
        {
            name, dataset, preset, seed, device, set, title, plan, json,
        };
        command.SetAction((parsed, _) =>
        {
            var pipeline = PipelineCatalog.Find(parsed.GetValue(name)) ?? throw new InvalidRunException("pipeline",
                PipelineCatalog.NotFound(parsed.GetValue(name)));
            var failures = new List<OptionFailure>();
            var (choice, options) = PipelineAssignments.Read(pipeline, parsed.GetValue(set) ?? [], failures);
            if (failures.Count > 0)
                throw new InvalidRunException(failures);
            var request = new PipelineRequest(
                TrainCommand.FolderOrName(parsed.GetValue(dataset)!), parsed.GetValue(preset), parsed.GetValue(seed), parsed.GetValue(device), choice,
                options, parsed.GetValue(title));
            var context = new CommandContext(parsed);
            return parsed.GetValue(plan)
                ? Plan(pipeline, request, parsed.GetValue(json), context)
                : ExecuteAsync(pipeline, request, parsed.GetValue(json), context);
        });
        return command;
    }

    private static Task<int> Plan(Pipeline pipeline, PipelineRequest request, bool json, CommandContext context)
    {
        using var store = RunStore.Look(context.Data, context.Time);
        var report = PlanReport.Of(pipeline.Name, new ForegroundPlan(context).Settle(PipelinePlan.Of(pipeline, request), store), store);
        if (json)
            Console.WriteLine(JsonResult.Of(report));
        else
            Print(report);
        return Task.FromResult(DashboardCommand.Done);
    }

    private static async Task<int> ExecuteAsync(Pipeline pipeline, PipelineRequest request, bool json, CommandContext context)
    {
        var foreground = new ForegroundPlan(context);
        var group = PipelineRecord.NewGroup(pipeline.Name, context.Time);
        SettledPlan plan;
        PipelineRecord record;
        using (var store = RunStore.Look(context.Data, context.Time))
        {
            plan = foreground.Settle(PipelinePlan.Of(pipeline, request, group), store);
            record = PipelineRecord.Of(pipeline, request, group, plan, context.Time);
            foreground.Write(plan, () => record.Write(context.Data));
        }
        var code = await ExecuteAsync(plan, foreground, context);
        using var after = RunStore.Look(context.Data, context.Time);
        var report = PipelineReport.Of(record, after);
        if (json)
            Console.WriteLine(ToJson(report, code == DashboardCommand.Done ? null : ErrorOf(report)));
        else if (code == DashboardCommand.Done)
            Print(report);
        return code;
    }

    private static async Task<int> ExecuteAsync(SettledPlan plan, ForegroundPlan foreground, CommandContext context)
    {
        foreach (var run in plan.Runs.Where(_ => Terminal.Error is null))
            await Console.Error.WriteLineAsync($"{run.Stage ?? run.Spec.Method}: {Describe(run.Step)} ({run.Spec.Id})");
        await using var table = Terminal.Error is { } terminal ? new StageTable(terminal, plan.Runs) : null;
        return await foreground.ExecuteAsync(plan, async (run, folder) =>
        {
            var ended = await new ForegroundRun(context, folder, run.Spec).ExecuteAsync(json: null, shared: table?.Of(run));
            table?.Set(run, ended == DashboardCommand.Done ? "finished" : "stopped");
            return ended;
        });
    }

    private static void Print(PlanReport report)
    {
        var table = new CommandTable(new("Stage"), new("What happens"), new("Seconds", IsNumber: true), new("Run", IsWhole: true));
        foreach (var stage in report.Stages)
            table.Add(stage.Stage, Describe(stage.Step), stage.Seconds is { } seconds ? $"{seconds:0}" : "unknown",
                stage.Run ?? $"{stage.Method}, preset {stage.Preset}");
        table.Print();
    }

    private static void Print(PipelineReport report)
    {
        var table = new CommandTable(new("Stage"), new("mIoU", IsNumber: true), new("Seconds", IsNumber: true), new(""), new("Run", IsWhole: true));
        foreach (var stage in report.Stages)
            table.Add(
                stage.Stage, stage.Miou is { } miou ? string.Create(CultureInfo.InvariantCulture, $"{100 * miou:0.00}") : "", $"{stage.Seconds:0}",
                stage.Reused ? "reused" : "", stage.Run);
        table.Print();
    }

    private static string ToJson(PipelineReport report, string? error)
    {
        var stages = report.Stages.Select(stage =>
            new { stage.Stage, stage.Run, stage.Method, stage.Miou, stage.PerClass, stage.Protocol, stage.Seconds, stage.Reused });
        return JsonResult.Of(new { report.Pipeline, report.Group, report.Seconds, report.Miou, Stages = stages, Error = error });
    }

    private static string ErrorOf(PipelineReport report) => report.Stages.FirstOrDefault(stage => stage.State != RunState.Finished) is { } stage
        ? $"{stage.Stage} {stage.State?.AsVerb() ?? "is gone"}. {stage.Message} The same command goes on from there."
        : "The pipeline was stopped. The same command goes on from there.";

    private static string Describe(PlanStep step) => step switch
    {
        PlanStep.Reuse => "reused",
        PlanStep.Wait => "runs now",
        PlanStep.Resume => "goes on",
        _ => "is made",
    };
}
