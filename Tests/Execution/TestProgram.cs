using Dashboard.Backend.Execution;
using Dashboard.Web.Cli;

namespace Dashboard.Tests.Execution;

/// <summary>The tests' own executable: the whole dashboard, but its workers, real processes of the real <see cref="Worker"/>, execute <see cref="CountingMethod"/>.</summary>
public static class TestProgram
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Dashboard.Tests");

    public static async Task<int> RunAsync(string[] arguments)
    {
        var worker = Array.IndexOf(arguments, "worker");
        if (worker < 0)
            return await DashboardCommand.RunAsync(arguments);
        using var stop = StopSignal.OfProcess();
        return WorkerCommand.Execute(
            new Worker(_ => new CountingMethod(), new EmptyDatasets(), DataOf(arguments), TimeProvider.System), new RunFolder(arguments[worker + 1]), arguments.Contains("--dry-run"), stop);
    }

    private static DataFolder DataOf(string[] arguments) => new(arguments[Array.IndexOf(arguments, "--data") + 1]);
}
