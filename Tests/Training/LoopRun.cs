using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Training;

/// <summary>A run of nothing but a training loop, over a dozen small images.</summary>
internal sealed class LoopRun : IDisposable
{
    public LoopRun() => World = CooccurrenceWorld.Make(Folder.File("world"), train: 12, val: 2, size: 32);

    public TempFolder Folder { get; } = new();

    public IImageDataset World { get; }

    /// <summary>What it has reported.</summary>
    public List<RunEvent> Events { get; } = [];

    public void Dispose() => Folder.Dispose();

    public RunContext Context(bool profile = false) => new()
    {
        Folder = new RunFolder(Folder.File("run")),
        Spec = new RunSpec
        {
            Id = "run", Method = "cam", Options = [], Dataset = World.Root, Seed = 0, Device = "cpu", CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch, Profile = profile,
        },
        Dataset = World,
        Data = new DataFolder(Folder.Path),
        IsResume = false,
        Stop = CancellationToken.None,
        Report = Events.Add,
        Flush = () => { },
        Time = TimeProvider.System,
    };
}
