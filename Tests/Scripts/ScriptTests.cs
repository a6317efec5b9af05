using System.Diagnostics;
using Dashboard.Web.Server;

namespace Dashboard.Tests.Scripts;

/// <summary>
/// What the pages' scripts compute, against what the dashboard's own code makes of the same numbers. The assertions stand in the *.test.mjs beside
/// this file and run under Node.
/// </summary>
public sealed class ScriptTests
{
    private static readonly string Folder = Path.Combine(ContentRoot.Find(), "Tests", "Scripts");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.test.mjs").Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Script_AgainstTheSameNumbers_Agrees(string file)
    {
        var expected = Directory.CreateTempSubdirectory("dashboard-scripts-");
        try
        {
            ExpectedNumbers.WriteAll(expected.FullName);
            var start = new ProcessStartInfo("node", ["--test", "--import", Path.Combine(Folder, "pages.mjs"), Path.Combine(Folder, file)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["DASHBOARD_EXPECTED"] = expected.FullName },
            };
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{await output}{await error}");
        }
        finally
        {
            expected.Delete(recursive: true);
        }
    }
}
