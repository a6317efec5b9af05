using System.CommandLine;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Libtorch;

namespace Dashboard.Web.Cli.Inference;

/// <summary><c>dashboard inference</c>: the process that holds models for the web process, which starts it. Not for people.</summary>
internal static class InferenceCommand
{
    public static Command Create()
    {
        var socket = new Option<string>("--socket") { Required = true, HelpName = "PATH", Description = "Where to listen." };
        var command = new Command("inference", "Answers requests that need a model at once; ends when its standard input closes.") { socket };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            EndWithStandardInput();
            LoadedLibtorch.Load();
            using var models = new LoadedModels(new CommandContext(parsed).Models);
            using var server = new InferenceServer(models);
            await server.ServeAsync(parsed.GetValue(socket)!, CancellationToken.None);
            return DashboardCommand.Done;
        });
        return command;
    }

    /// <summary>The pipe closes when the web process ends, however that ends: no orphan keeps models in memory.</summary>
    private static void EndWithStandardInput() => new Thread(() =>
    {
        while (Console.In.Read() >= 0)
        {
        }
        Environment.Exit(DashboardCommand.Done);
    }) { IsBackground = true, Name = "parent watch" }.Start();
}
