using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Files;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Usage;

/// <summary>
/// Says how a command failed: a sentence on standard error, never a stack trace. With <c>--json</c> the last line of standard output is an object
/// with <c>error</c>.
/// </summary>
internal sealed class CommandFailure(ParseResult parsed, string[] arguments)
{
    /// <returns>The exit code.</returns>
    public int Tell(Exception error)
    {
        var (code, message) = error switch
        {
            InvalidRunException => (DashboardCommand.WrongUsage, error.Message),
            OperationCanceledException => (DashboardCommand.Failed, "Stopped."),
            _ when DiskFull.Is(error) => (DashboardCommand.Failed, $"The disk is full: {error.Message} Free some space and try again."),
            UnauthorizedAccessException =>
                (DashboardCommand.Failed, $"{error.Message} Run the command as the user who owns it, or give a folder of your own with --data."),
            _ when ExpectedFailure.Is(error) || error is InferenceException => (DashboardCommand.Failed, error.Message),
            _ => (DashboardCommand.Failed, Unexpected(error)),
        };
        Tell(message);
        return code;
    }

    public void Tell(string message)
    {
        try
        {
            Console.Error.WriteLine(message);
            if (arguments.Contains("--json"))
                Console.WriteLine(JsonSerializer.Serialize(new { error = message }, RunJson.Line));
        }
        catch (IOException)
        {
            // The output goes to a disk that is full: the exit code is all that is left to say.
        }
    }

    private string Unexpected(Exception error)
    {
        var name = string.Join(' ', ["dashboard", .. UsageHelp.Names(parsed.CommandResult.Command)]);
        var details = FailureDetails.Write(error, arguments, Folder());
        return $"{name} failed unexpectedly: {ExpectedFailure.FirstLine(error)} "
            + (details is null ? "The details could not be written to any file." : $"This is a fault of the program; the details are in {details}.");
    }

    /// <summary>The data folder; null where the failure is that it cannot be found.</summary>
    private string? Folder()
    {
        try
        {
            return new CommandContext(parsed).Data.Logs;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return null;
        }
    }
}
