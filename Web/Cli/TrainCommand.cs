using System.CommandLine;
using System.Text.Json.Nodes;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli;

/// <summary><c>dashboard train METHOD</c>: a run in the foreground. A dashboard on the same data folder shows it like any other.</summary>
internal static class TrainCommand
{
    public const string Name = "train";

    public static Command Create()
    {
        var method = new Argument<string>("METHOD") { Description = $"One of {string.Join(", ", MethodCatalog.All.Select(known => known.Name))}." };
        var dataset = new Option<string>("--dataset") { Required = true, HelpName = "D", Description = "A data set's name (cooccurrence is built in), or its folder." };
        var preset = new Option<string?>("--preset") { HelpName = "P", Description = "Named options to start from. Without it: the method's defaults, which are the paper's." };
        var seed = new Option<long?>("--seed") { HelpName = "N", Description = "Drives data order, augmentation and initialisation. Without it: 0." };
        var device = new Option<string?>("--device") { HelpName = "DEVICE", Description = "cpu, cuda or cuda:N. Without it: cpu." };
        var set = new Option<string[]>("--set") { HelpName = "NAME=VALUE", Description = "Sets one option of the method; may be given several times.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--out") { HelpName = "DIR", Description = "The run's folder. Without it: runs/ID in the data folder." };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "A title for the run." };
        var json = new Option<bool>("--json") { Description = "Prints the result as one JSON object." };
        var command = new Command(Name, "Trains, evaluates and reports, in the foreground; Ctrl-C stops the run.") { method, dataset, preset, seed, device, set, output, name, json };
        command.SetAction((parsed, _) =>
        {
            var context = new CommandContext(parsed);
            var request = new RunRequest(
                parsed.GetValue(method)!,
                FolderOrName(parsed.GetValue(dataset)!),
                parsed.GetValue(preset),
                Seed: parsed.GetValue(seed),
                Device: parsed.GetValue(device),
                Name: parsed.GetValue(name));
            var spec = Complete(request, parsed.GetValue(set) ?? [], context);
            var folder = CreateFolder(spec, parsed.GetValue(output), context);
            return new ForegroundRun(context, folder, spec).ExecuteAsync(parsed.GetValue(json));
        });
        return command;
    }

    /// <exception cref="InvalidRunException">With the failures of the assignments and of everything else.</exception>
    private static RunSpec Complete(RunRequest request, string[] assignments, CommandContext context)
    {
        var options = new JsonObject();
        var schema = MethodCatalog.All.FirstOrDefault(known => known.Name.Equals(request.Method, StringComparison.OrdinalIgnoreCase))?.Schema;
        var failures = schema?.Assign(options, assignments) ?? [];
        try
        {
            var spec = RunDraft.Complete(request with { Options = options }, context.Datasets, id => Directory.Exists(context.Data.Run(id).Path), context.Time);
            return failures.Count == 0 ? spec : throw new InvalidRunException(failures);
        }
        catch (InvalidRunException error) when (failures.Count > 0 && !ReferenceEquals(error.Failures, failures))
        {
            throw new InvalidRunException([.. failures, .. error.Failures]);
        }
    }

    private static RunFolder CreateFolder(RunSpec spec, string? elsewhere, CommandContext context)
    {
        var folder = elsewhere is null ? context.Data.Run(spec.Id) : new RunFolder(elsewhere);
        if (File.Exists(folder.Spec))
            throw new IOException($"{folder.Path} holds a run already. Give another folder with --out, or go on with that run by: dashboard resume {folder.Path}");
        new QueueTicket(context.Time.GetUtcNow(), ProcessIdentity.Current).Write(folder);
        RunFolder.Create(folder.Path, spec);
        if (elsewhere is not null)
            context.Data.Register(spec.Id, folder);
        return folder;
    }

    private static string FolderOrName(string dataset) => Directory.Exists(dataset) && dataset.Contains(Path.DirectorySeparatorChar) ? Path.GetFullPath(dataset) : dataset;
}
