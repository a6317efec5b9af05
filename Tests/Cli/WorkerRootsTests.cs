using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

/// <summary>
/// A run that a page has launched reads no image outside the folders that pages may name, whatever stands in its list; one of the command line may.
/// </summary>
public sealed class WorkerRootsTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly TempFolder _elsewhere = new();

    public void Dispose()
    {
        _elsewhere.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task DryRun_AbsolutePathInAListOfCaptions_IsHeldToTheRoots()
    {
        var world = CooccurrenceWorld.Make(Path.Combine(_data.Data.Path, "mini"), train: 1, val: 1, size: 16);
        var image = _elsewhere.Write("a.png", "");
        var captions = Path.Combine(_data.Data.Path, "captions.tsv");
        File.WriteAllText(captions, $"{image}\ta cat\nthe second line\n");
        var run = RunFolder.Create(_data.Data.Run("listed").Path, new RunSpec
        {
            Id = "listed",
            Method = ClipMethod.Descriptor.Name,
            Options = ClipMethod.Descriptor.Schema.Write(new ClipTrainingOptions { Captions = captions }),
            Dataset = world.Root,
            Seed = 0,
            Device = "cpu",
            CodeVersion = CodeVersion.Current,
            Created = DateTimeOffset.UnixEpoch,
        });

        Assert.Contains($"line 1 names {image}: '{_elsewhere.Path}' lies outside the folders that pages may name ({_data.Data.Path})",
            await Complaint(run, _data.Data.Path), StringComparison.Ordinal);
        Assert.Contains("line 2 has no tab", await Complaint(run, _data.Data.Path, _elsewhere.Path), StringComparison.Ordinal);
        Assert.Contains("line 2 has no tab", await Complaint(run), StringComparison.Ordinal);
    }

    private async Task<string> Complaint(RunFolder run, params string[] roots)
    {
        var program = new DashboardProgram([Path.Combine(AppContext.BaseDirectory, "dashboard"), "--data", _data.Data.Path]) { Roots = roots };
        using var process = program.StartDryRun(run);
        var (output, error) = (process.Output.ReadToEndAsync(), process.Errors.ReadToEndAsync());
        await process.WaitForExitAsync();
        await output;
        return await error;
    }
}
