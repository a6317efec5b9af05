using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Resources;

/// <summary><c>dashboard model add|list|remove|test</c>.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Adds, lists, tests and removes CLIP and SimSeg models.") { Add(), List(), Remove(), Test() };

    private static Command Add()
    {
        var path = new Argument<string>("PATH") { Description =
            "OpenAI's .pt, a state dict, a safetensors file, or a folder of Hugging Face's CLIPModel or of a clip run. It stays where it is." };
        var name = new Option<string?>("--name") { HelpName = "N", Description = "What runs call it. Without it: the file's or folder's name." };
        var vocabulary =
            new Option<string?>("--vocabulary") { HelpName = "FILE",
                Description =
                "CLIP's bpe_simple_vocab_16e6.txt.gz, or a folder with vocab.json and merges.txt. Without it: what lies beside the model." };
        var activation = new Option<string?>("--activation") { HelpName = "A",
            Description = "quickgelu or gelu: what a CLIP was trained with, where its file does not tell." };
        activation.AcceptOnlyFromAmong(ActivationName.All);
        var json = Json("Prints the model as one JSON object.");
        var command = new Command("add", "Reads a model to its last byte and gives it a name; a wrong or damaged file is refused.") { path, name,
            vocabulary, activation, json };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var model = new CommandContext(parsed).Models.Add(parsed.GetValue(path)!, parsed.GetValue(name), parsed.GetValue(vocabulary),
                ActivationName.Parse(parsed.GetValue(activation)), new StageOnTerminal(), cancellation);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(model, RunJson.Line));
            else
                Print(model);
            return DashboardCommand.Done;
        }, cancellation));
        return command;
    }

    private static Command List()
    {
        var json = Json("Prints all models as one JSON object.");
        var command = new Command("list", "Lists all models, those that ship with the project first.") { json };
        command.SetAction((parsed, _) =>
        {
            var models = new CommandContext(parsed).Models.List();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(new { models }, RunJson.Line));
            else if (models.Count == 0)
                Console.WriteLine("There are no models. Add one: dashboard model add PATH");
            else
                foreach (var model in models)
                    Print(model);
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME") { Description = "An added model." };
        var command = new Command("remove", "Forgets a model's name; its file stays as it is.") { name };
        command.SetAction((parsed, _) =>
        {
            var (context, model) = (new CommandContext(parsed), parsed.GetValue(name)!);
            context.Models.Remove(model);
            using var store = RunStore.Look(context.Data, context.Time);
            var uses = ModelUse.Of(store.Runs.Select(run => run.Spec), model);
            Console.WriteLine($"{model} is removed; its file stays as it is.");
            if (uses.Count > 0)
                Console.WriteLine($"Runs that name it, and cannot be resumed or launched again without it: {string.Join(", ", uses)}");
            return Task.FromResult(DashboardCommand.Done);
        });
        return command;
    }

    private static Command Test()
    {
        var name = new Argument<string>("NAME") { Description = "A model's name, or the path of one." };
        var json = Json("Prints the report as one JSON object.");
        var command =
            new Command("test", "Loads a model and checks that it computes what such a model should; exit code 1 when it does not.") { name, json };
        command.SetAction((parsed, _) => Task.Run(() =>
        {
            using var models = new LoadedModels(new CommandContext(parsed).Models);
            var report = SelfTestHandler.Answer(new(parsed.GetValue(name)!), models);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(report, RunJson.Line));
            else
                Print(report);
            return report.Passed ? DashboardCommand.Done : DashboardCommand.Failed;
        }));
        return command;
    }

    private static Option<bool> Json(string description) => new("--json") { Description = description };

    private static void Print(PretrainedModel model)
    {
        var title = $"{model.Name}{(model.IsBuiltIn ? " (built in)" : "")}";
        if (model.Unavailable is { } reason && !model.LacksActivation)
        {
            Console.WriteLine($"{title}: NOT AVAILABLE. {reason}");
            return;
        }
        Console.WriteLine(
            $"{title}: {model.Kind}, {model.Tower}, {model.Resolution} px, {model.EmbeddingSize} numbers per feature, {model.Parameters:N0} "
            + "parameters");
        if (model.Import is { } import)
            Console.WriteLine($"  {import}");
        Console.WriteLine($"  {model.Path}, {model.Bytes:N0} bytes, SHA-256 {model.Sha256}");
        if (model.LacksActivation)
            Console.WriteLine($"  NOT READY. {model.Unavailable}");
        Console.WriteLine(model.Vocabulary is { } vocabulary
            ? $"  vocabulary {vocabulary}"
            : "  no vocabulary: it cannot read texts. Remove it and add it with --vocabulary.");
    }

    private static void Print(SelfTestReport report)
    {
        foreach (var check in report.Checks)
            Console.WriteLine($"{(check.Passed ? "ok    " : "FAILED")}  {check.Name}: {check.Found}");
        Console.WriteLine(
            $"{report.Model} {(report.Passed ? "works" : "does not work")}: loaded in {report.LoadSeconds:0.00} s, encoded in "
            + $"{report.EncodeSeconds:0.00} s.");
    }

    /// <summary>The stage on one line of a terminal, and nothing where there is none.</summary>
    private sealed class StageOnTerminal : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value)
        {
            if (!Console.IsErrorRedirected)
                Console.Error.Write($"\r{value.Stage}: {(value.Total == 0 ? 100 : 100L * value.Done / value.Total)}% \r");
        }
    }
}
