using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

/// <summary>The real method in the real executable: a CAM run of seconds.</summary>
public sealed class CamRunTests : IDisposable
{
    private static readonly string Dashboard = Path.Combine(AppContext.BaseDirectory, "dashboard");

    private readonly TemporaryData _data = new();
    private readonly string _dataset;

    public CamRunTests()
    {
        _dataset = Path.Combine(_data.Data.Path, "mini");
        CooccurrenceWorld.Make(_dataset, train: 16, val: 4, size: 32);
    }

    public void Dispose() => _data.Dispose();

    /// <summary>None of the workers comes to its end: however late they are looked at, there is one to kill.</summary>
    [Fact]
    public async Task CamRun_WorkerKilledAndResumed_GivesTheValuesOfAnUndisturbedRun()
    {
        var (undisturbed, disturbed) = (Create("undisturbed"), Create("disturbed"));
        await Work(disturbed, events => events.OfType<RunMetrics>().Count() > 12);
        await Work(disturbed, events => events.SkipWhile(next => next is not RunResumed).OfType<RunMetrics>().Count() > 12);
        // Of the last step some values may be missing.
        var last = LastStep(EventLogReader.ReadAll(disturbed.Events)) - 1;
        await Work(undisturbed, events => LastStep(events) > last);

        Assert.NotEqual(0, Assert.Single(EventLogReader.ReadAll(disturbed.Events).OfType<RunResumed>()).Step);
        Assert.Equal(Values(undisturbed, last), Values(disturbed, last));
    }

    /// <summary>Starts a worker and kills it as soon as its run has come that far.</summary>
    private async Task Work(RunFolder folder, Func<IReadOnlyList<RunEvent>, bool> far)
    {
        using var worker = new DashboardProgram([Dashboard, "--data", _data.Data.Path]).StartWorker(folder);
        await TemporaryData.Until(() => worker.HasExited || far(EventLogReader.ReadAll(folder.Events)), "some steps");
        Assert.False(worker.HasExited, File.ReadAllText(folder.WorkerLog));
        worker.Kill();
        await worker.WaitForExitAsync();
    }

    private static long LastStep(IReadOnlyList<RunEvent> events) => events.OfType<RunMetrics>().LastOrDefault()?.Step ?? 0;

    private RunFolder Create(string id)
    {
        var preset = (CamOptions)CamMethod.Descriptor.Presets.Single(preset => preset.Name == "builtin").Options;
        // As many as there can be, which take minutes.
        var options = preset with { Epochs = 1000, BatchSize = 4, CropSize = 32, ResizeLongMin = 32, ResizeLongMax = 32 };
        return RunFolder.Create(_data.Data.Run(id).Path, new RunSpec
        {
            Id = id,
            Method = CamMethod.Descriptor.Name,
            Options = CamMethod.Descriptor.Schema.Write(options),
            Dataset = _dataset,
            Seed = 0,
            Device = "cpu",
            CodeVersion = CodeVersion.Current,
            Created = DateTimeOffset.UnixEpoch,
        });
    }

    /// <summary>Every value of the method at every step, as text with all digits.</summary>
    private static IReadOnlyList<string> Values(RunFolder folder, long lastStep)
    {
        var projection = RunProjection.Of(folder);
        var curves = projection.Metrics.Where(name => !RunSystem.IsOwn(name)).Order(StringComparer.Ordinal).Select(name =>
            (name, Series: projection.Metric(name)!.Thin("", name, 0, lastStep, int.MaxValue)));
        return [.. curves.SelectMany(curve => curve.Series.Steps.Zip(curve.Series.Last, (step, value) => $"{curve.name} {step} {value:R}"))];
    }
}
