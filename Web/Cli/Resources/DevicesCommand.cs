using System.CommandLine;
using System.Text.Json;
using Dashboard.Backend.Libtorch;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Cli.Resources;

/// <summary>
/// <c>dashboard devices</c>: which libtorch the workers of this machine compute with, and on what. Also how the web process, which never loads it,
/// learns that.
/// </summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var command = new Command("devices", "Tells which libtorch runs compute with, and on which devices they can be launched.") { json };
        command.SetAction(parsed =>
        {
            var report = LibtorchReport.OfThisProcess();
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(report, RunJson.Line));
            else
                (report.Problem is null ? Console.Out : Console.Error).WriteLine(report);
            return report.Problem is null ? DashboardCommand.Done : DashboardCommand.Failed;
        });
        return command;
    }
}
