using System.CommandLine;
using System.CommandLine.Invocation;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Runs;

namespace Dashboard.Web.Cli.Usage;

/// <summary>What <c>--version</c> prints: the program's commit and the libtorch that it computes with.</summary>
internal sealed class VersionReport : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine($"dashboard {CodeVersion.Current}");
        output.WriteLine(LibtorchReport.OfThisProcess());
        return DashboardCommand.Done;
    }
}
