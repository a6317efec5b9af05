using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Methods.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Cli;

/// <summary>NSROM's classifier in the real executable, killed while it accumulates.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class NsromRunTests : IDisposable
{
    private static readonly string Dashboard = Path.Combine(AppContext.BaseDirectory, "dashboard");

    /// <summary>As many epochs as there can be: a worker never comes to its end, however late it is looked at.</summary>
    private static readonly NsromOptions Options = (NsromOptions)NsromMethod.Descriptor.Presets[0].Options with
    {
        Epochs = 1000, BatchSize = 4, ImageSize = 32, Nodes = 4, SnapshotImages = 0, TensorThreads = 1,
    };

    private readonly TemporaryData _data = new();
    private readonly TempFolder _folder = new();
    private readonly IImageDataset _images;

    public NsromRunTests() => _images = CooccurrenceWorld.Make(Path.Combine(_data.Data.Path, "mini"), train: 16, val: 2, size: 32);

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task NsromRun_KilledInAnEpochsAccumulation_GoesOnWithTheMapsOfAnUndisturbedRun()
    {
        var killed = RunFolder.Create(_data.Data.Run("killed").Path, new RunSpec
        {
            Id = "killed",
            Method = NsromMethod.Descriptor.Name,
            Options = NsromMethod.Descriptor.Schema.Write(Options),
            Dataset = _images.Root,
            Seed = 0,
            Device = "cpu",
            CodeVersion = CodeVersion.Current,
            Created = DateTimeOffset.UnixEpoch,
        });
        await Kill(killed, events => events.SkipWhile(next => next is not RunCheckpoint { Epoch: 3 }).OfType<RunMetrics>().Any());
        await Kill(killed, events => events.SkipWhile(next => next is not RunResumed).OfType<RunCheckpoint>().Any());
        Assert.InRange(Assert.Single(EventLogReader.ReadAll(killed.Events).OfType<RunResumed>()).Epoch, 3, 999);

        var last = Checkpoint(killed);
        var epoch = int.Parse(Path.GetFileName(last).Split('-')[1]);
        var undisturbed = new MethodRuns(_folder, NsromMethod.Descriptor, () => new NsromTrainer())
            .Execute(Options, _images, stopAfter: next => next is RunCheckpoint checkpoint && checkpoint.Epoch == epoch);

        foreach (var file in (string[])["accumulated.safetensors", "model.safetensors", "optimizer.safetensors"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(Checkpoint(undisturbed), file)), File.ReadAllBytes(Path.Combine(last, file)));
    }

    /// <summary>Starts a worker, and kills it as soon as its run has come that far.</summary>
    private async Task Kill(RunFolder folder, Func<IReadOnlyList<RunEvent>, bool> far)
    {
        using var worker = new DashboardProgram([Dashboard, "--data", _data.Data.Path]).StartWorker(folder);
        await TemporaryData.Until(() => worker.HasExited || far(EventLogReader.ReadAll(folder.Events)), "some epochs");
        Assert.False(worker.HasExited, File.ReadAllText(folder.WorkerLog));
        worker.Kill();
        await worker.WaitForExitAsync();
    }

    /// <summary>The newest that is whole.</summary>
    private static string Checkpoint(RunFolder run) =>
        Directory.GetDirectories(run.Checkpoints).Where(path => !path.EndsWith(".new", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Last();
}
