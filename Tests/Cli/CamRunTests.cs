using System.Text.Json;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Execution;

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

    [Fact]
    public async Task CamRun_WorkerKilledAndResumed_GivesTheValuesOfAnUndisturbedRun()
    {
        var executor = new LocalExecutor([Dashboard, "--data", _data.Data.Path]);
        var (undisturbed, disturbed) = (Create("undisturbed"), Create("disturbed"));
        Assert.Equal(0, await Work(undisturbed));
        using (var worker = executor.Start(disturbed))
        {
            await TemporaryData.Until(() => worker.HasExited || EventLogReader.ReadAll(disturbed.Events).OfType<RunMetrics>().Count() > 12, "some steps");
            Assert.False(worker.HasExited);
            worker.Kill();
            await worker.WaitForExitAsync();
        }

        Assert.Equal(0, await Work(disturbed));

        Assert.Single(EventLogReader.ReadAll(disturbed.Events).OfType<RunResumed>());
        Assert.Equal(Values(undisturbed), Values(disturbed));

        async Task<int> Work(RunFolder folder)
        {
            using var worker = executor.Start(folder);
            await worker.WaitForExitAsync();
            return worker.ExitCode;
        }
    }

    private RunFolder Create(string id)
    {
        var preset = (CamOptions)CamMethod.Descriptor.Presets.Single(preset => preset.Name == "builtin").Options;
        // As many epochs as keep it busy until a busy machine comes to kill it.
        var options = preset with { Epochs = 16, BatchSize = 4, CropSize = 32, ResizeLongMin = 32, ResizeLongMax = 32 };
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

    /// <summary>Every metric at every step, and every evaluation, as text with all digits.</summary>
    private static IReadOnlyList<string> Values(RunFolder folder)
    {
        var projection = RunProjection.Of(folder);
        var curves = projection.Metrics.Order(StringComparer.Ordinal).Select(name => (name, Series: projection.Metric(name)!.Thin("", name, 0, long.MaxValue, int.MaxValue)));
        return
        [
            .. curves.SelectMany(curve => curve.Series.Steps.Zip(curve.Series.Last, (step, value) => $"{curve.name} {step} {value:R}")),
            .. projection.Evaluations.Select(evaluated => JsonSerializer.Serialize(evaluated with { Seq = 0, Time = default }, RunJson.Line)),
        ];
    }
}
