using System.Text.Json;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Execution;

/// <summary>The tests' own executable: a real worker process of the real <see cref="Worker"/>, with <see cref="CountingMethod"/> in it.</summary>
public static class TestProgram
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "Dashboard.Tests");

    public static int Main(string[] arguments)
    {
        if (arguments is not ["worker", var path, .. var rest])
            return 2;
        using var stop = StopSignal.OfProcess();
        var worker = new Worker(_ => new CountingMethod(), new EmptyDatasets(), TimeProvider.System);
        try
        {
            if (rest is not ["--dry-run"])
                return worker.Execute(new RunFolder(path), stop);
            Console.WriteLine(JsonSerializer.Serialize(worker.DryRun(new RunFolder(path), stop), RunJson.Line));
            return 0;
        }
        catch (InvalidRunException error)
        {
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }
}
