using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Pretrained;

namespace Dashboard.Web.Cli;

/// <summary>The command line of the one executable. Exit codes: 0 done, 1 failed, 2 wrong usage. Results go to standard output, everything else to standard error.</summary>
public static class DashboardCommand
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            UsageErrors.Print(parsed, Console.Error);
            return WrongUsage;
        }
        try
        {
            // Ctrl-C is each command's own business: a worker ends in order, a foreground run stops its worker.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (InvalidRunException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return WrongUsage;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return Failed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or DatasetException or ModelException or LibtorchException)
        {
            await Console.Error.WriteLineAsync(DiskFull.Is(error) ? $"The disk is full: {error.Message} Free some space and try again." : error.Message);
            return Failed;
        }
    }

    internal static RootCommand Create()
    {
        var root = new RootCommand("Trains and compares weakly supervised segmentation methods, and shows them in the browser.")
        {
            ServeCommand.Create(),
            TrainCommand.Create(),
            WorkerCommand.Create(),
            DatasetCommand.Create(),
            ModelCommand.Create(),
            InferenceCommand.Create(),
            EvaluateCommand.Create(),
            ReindexCommand.Create(),
            ListCommand.Create(),
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
