using System.CommandLine;
using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods;

namespace Dashboard.Web.Cli.Launch;

/// <summary><c>dashboard train METHOD</c>: a run in the foreground. A dashboard on the same data folder shows it like any other.</summary>
internal static class TrainCommand
{
    public const string Name = "train";

    public static Command Create()
    {
        var method = new Argument<string>("METHOD") { Description = $"One of {string.Join(", ", MethodCatalog.All.Select(known => known.Name))}." };
        var dataset = LaunchOptions.Dataset();
        var preset = new Option<string?>("--preset") { HelpName = "P",
            Description = "Named options to start from. Without it: the method's defaults, which are the paper's." };
        var seed = new Option<long?>("--seed") { HelpName = "N", Description = "Drives data order, augmentation and initialisation. Without it: 0." };
        var device = LaunchOptions.Device();
        var set = new Option<string[]>("--set") { HelpName = "NAME=VALUE", Description = "Sets one option of the method; may be given several times.",
            Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { HelpName = "DIR", Description = "The run's folder. Without it: runs/ID in the data folder." };
        var input =
            new Option<string[]>("--input") { HelpName = "ROLE=RUN",
                Description = "An earlier run to start from, such as baseline=ID. Without it: a run that fits; where there is none, one is trained "
                    + "first.", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "A title for the run." };
        var profile = new Option<bool>("--profile") { Description =
            "Takes the time of the first training steps apart: a trace in the run's folder for Perfetto or chrome://tracing, and a sentence." };
        var dryRun = new Option<bool>("--dry-run") { Description =
            "Executes one batch in a process of its own, says what it costs, and keeps nothing." };
        var fitBatch = new Option<bool>("--fit-batch") { Description =
            "Finds the largest batchSize that fits into memory by dry runs, and keeps nothing." };
        var json = new Option<bool>("--json") { Description = "Prints the result as one JSON object." };
        var command = new Command(Name, "Trains, evaluates and reports, in the foreground; Ctrl-C stops the run.") { method, dataset, preset, seed,
            device, set, input, output, name, profile, dryRun, fitBatch, json };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            var request = new RunRequest(
                parsed.GetValue(method)!,
                FolderOrName(parsed.GetValue(dataset)!),
                parsed.GetValue(preset),
                Seed: parsed.GetValue(seed),
                Device: parsed.GetValue(device),
                Name: parsed.GetValue(name),
                Inputs: Inputs(parsed.GetValue(input) ?? [], context),
                Profile: parsed.GetValue(profile));
            if (parsed.GetValue(dryRun) || parsed.GetValue(fitBatch))
                return DryRunAsync(request, parsed.GetValue(set) ?? [], parsed.GetValue(fitBatch), parsed.GetValue(json), context);
            return ExecuteAsync(request, parsed.GetValue(set) ?? [], parsed.GetValue(output), parsed.GetValue(json), context);
        });
        return command;
    }

    /// <summary>One after the other: what the run starts from, where it has to be made first, then the run itself.</summary>
    internal static async Task<int> ExecuteAsync(RunRequest request, string[] assignments, string? output, bool json, CommandContext context)
    {
        var foreground = new ForegroundPlan(context);
        var plan = Plan(request, assignments, foreground, context);
        var wanted = plan.Wanted[0];
        if (output is not null && File.Exists(new RunFolder(output).Spec))
            throw new IOException(
                $"{Path.GetFullPath(output)} holds a run already. Give another folder with --out, or go on with that run: dashboard resume "
                + $"{Path.GetFullPath(output)}");
        foreground.Write(plan, folderOf: run => run == wanted ? output : null);
        foreach (var run in plan.Runs.Where(run => run != wanted))
            await Console.Error.WriteLineAsync(
                $"{wanted.Spec.Id} starts from {run.Spec.Id}, which "
                + $"{(run.Step == PlanStep.Reuse ? "has finished before and is reused" : "is run first")}.");
        return await foreground.ExecuteAsync(plan, (run, _) => run == wanted
            ? new ForegroundRun(context, output is null ? context.Data.Run(run.Spec.Id) : new RunFolder(output), run.Spec).ExecuteAsync(json)
            : new ForegroundRun(context, context.Data.Run(run.Spec.Id), run.Spec).ExecuteAsync(json ? true : null, onlyFailure: true));
    }

    private static Task<int> DryRunAsync(RunRequest request, string[] assignments, bool fitsBatch, bool json, CommandContext context)
    {
        var options = request.Options?.DeepClone().AsObject() ?? [];
        if (MethodCatalog.Find(request.Method)?.Schema.Assign(options, assignments) is { Count: > 0 } failures)
            throw new InvalidRunException(failures);
        using var store = RunStore.Look(context.Data, context.Time);
        var spec = RunDraft.Complete(request with { Options = options }, new(context.Datasets, context.Models), store.Find, context.Time);
        var command = new DryRunCommand(context, json);
        return fitsBatch ? command.FitAsync(spec) : command.MeasureAsync(spec);
    }

    /// <exception cref="InvalidRunException">Not of the form role=run, or no such run.</exception>
    internal static Dictionary<string, string> Inputs(string[] assignments, CommandContext context)
    {
        var inputs = new Dictionary<string, string>();
        foreach (var assignment in assignments)
            inputs[assignment.Split('=')[0]] =
                assignment.Split('=', 2) is [_, var run]
                    ? context.Find(run).ReadSpec().Id
                    : throw new InvalidRunException("input", $"--input: '{assignment}' is not of the form role=run.");
        return inputs;
    }

    /// <exception cref="InvalidRunException">With the failures of the assignments and of everything else.</exception>
    private static SettledPlan Plan(RunRequest request, string[] assignments, ForegroundPlan foreground, CommandContext context)
    {
        var options = request.Options?.DeepClone().AsObject() ?? [];
        var failures = MethodCatalog.Find(request.Method)?.Schema.Assign(options, assignments) ?? [];
        try
        {
            using var store = RunStore.Look(context.Data, context.Time);
            var plan = foreground.Settle([new WantedRun(request with { Options = options })], store);
            return failures.Count == 0 ? plan : throw new InvalidRunException(failures);
        }
        catch (InvalidRunException error) when (failures.Count > 0 && !ReferenceEquals(error.Failures, failures))
        {
            throw new InvalidRunException([.. failures, .. error.Failures]);
        }
    }

    public static string FolderOrName(string dataset) =>
        Directory.Exists(dataset) && dataset.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(dataset) : dataset;
}
