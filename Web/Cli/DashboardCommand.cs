using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Dashboard.Web.Cli.Inference;
using Dashboard.Web.Cli.Launch;
using Dashboard.Web.Cli.Resources;
using Dashboard.Web.Cli.Runs;
using Dashboard.Web.Cli.Usage;

namespace Dashboard.Web.Cli;

/// <summary>
/// The command line of the one executable. Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to standard output, everything else to standard
/// error.
/// </summary>
public static class DashboardCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    public static Task<int> RunAsync(string[] arguments) => RunAsync(Create(), arguments);

    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        var parsed = root.Parse(arguments);
        var failure = new CommandFailure(parsed, arguments);
        if (parsed.Action is ParseErrorAction)
        {
            failure.Tell(UsageErrors.Describe(parsed));
            return WrongUsage;
        }
        // What fails on a thread of its own ends the process, but with a sentence too.
        AppDomain.CurrentDomain.UnhandledException += (_, fault) => Environment.Exit(failure.Tell((Exception)fault.ExceptionObject));
        try
        {
            // Ctrl-C is each command's own business: a worker ends in order, a foreground run stops its worker.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception error)
        {
            return failure.Tell(error);
        }
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("Trains and compares weakly supervised segmentation methods, and shows them in the browser.")
        {
            ServeCommand.Create(),
            TrainCommand.Create(),
            PipelineCommand.Create(),
            SweepCommand.Create(),
            WorkerCommand.Create(),
            DatasetCommand.Create(),
            ModelCommand.Create(),
            InferenceCommand.Create(),
            SegmentCommand.Create(),
            EvaluateCommand.Create(),
            ExportCommand.Create(),
            VerifyCommand.Create(),
            ReindexCommand.Create(),
            ListCommand.Create(),
            LabelCommand.Create(),
            DevicesCommand.Create(),
            StopCommand.Create(),
            ResumeCommand.Create(),
        };
        root.Options.Add(CommandContext.DataOption);
        ServeCommand.MakeDefault(root);
        root.Options.OfType<VersionOption>().Single().Action = new VersionReport();
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new UsageHelp((SynchronousCommandLineAction)help.Action!);
        return root;
    }
}
