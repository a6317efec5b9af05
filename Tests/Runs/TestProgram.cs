using System.CommandLine;
using Dashboard.Backend.Execution.Workers;
using Dashboard.Backend.Runs;
using Dashboard.Web.Cli;

namespace Dashboard.Tests.Runs;

/// <summary>
/// The tests' own executable: the whole dashboard, but its workers, real processes of the real <see cref="Worker"/>, execute
/// <see cref="CountingMethod"/>.
/// </summary>
public static class TestProgram
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Dashboard.Tests");

    public static async Task<int> RunAsync(string[] arguments)
    {
        var worker = Array.IndexOf(arguments, "worker");
        if (worker < 0)
            return await DashboardCommand.RunAsync(WithFault(), arguments);
        using var stop = StopSignal.OfProcess();
        var device = Array.IndexOf(arguments, "--device");
        return WorkerCommand.Execute(
            new Worker(_ => new CountingMethod(), new EmptyDatasets(), DataOf(arguments), TimeProvider.System)
            {
                Device = device < 0 ? null : arguments[device + 1],
            },
            new RunFolder(arguments[worker + 1]), arguments.Contains("--dry-run"), stop);
    }

    /// <summary>The whole command line, and a command that has a fault.</summary>
    private static RootCommand WithFault()
    {
        var root = DashboardCommand.Create();
        var (thread, json) = (new Option<bool>("--on-a-thread"), new Option<bool>("--json"));
        var fault = new Command("fault") { thread, json };
        fault.SetAction((parsed, _) =>
        {
            if (!parsed.GetValue(thread))
                throw new InvalidOperationException("Sequence contains no elements");
            var other = new Thread(() => throw new InvalidOperationException("Sequence contains no elements"));
            other.Start();
            other.Join();
            return Task.FromResult(0);
        });
        root.Subcommands.Add(fault);
        return root;
    }

    private static DataFolder DataOf(string[] arguments) => new(arguments[Array.IndexOf(arguments, "--data") + 1]);
}
