using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Methods.Import;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Methods.Import;

[Collection(LibtorchCollection.Name)]
public sealed class SoftMapImportTests : IDisposable
{
    private const int Side = 32;

    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly MethodRuns _runs;
    private readonly ImportOptions _options;

    public SoftMapImportTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 4, val: 2, size: Side);
        _samples = _world.Samples("train");
        _runs = new(_folder, ImportMethod.Descriptor, () => new ImportRun());
        _options = new ImportOptions { What = ImportedThing.SoftMaps, Folder = _folder.File("maps"), SnapshotImages = 1 };
        Directory.CreateDirectory(_options.Folder);
        foreach (var sample in _samples)
            Write(sample, Side, sample.Tags, (label, k) => label == k + 1 ? 1 : 0);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_MapsOfTheTruth_AreSeedsThatScorePerfectly()
    {
        var run = _runs.Execute(_options, _world);

        var evaluated = _runs.Events.OfType<RunEvaluated>().ToList();
        Assert.Equal(["Imported", "Imported", "all background", "centre prior"], evaluated.Select(row => row.Row));
        Assert.Equal([(1, Protocol.SweptThreshold), (1, Protocol.FixedThreshold)],
            evaluated.Take(2).Select(row => (row.Miou, row.Protocol.ThresholdSource)));
        Assert.All(
            evaluated, row => Assert.Equal((Protocol.Stages.SeedCam, "train", 4), (row.Protocol.Stage, row.Protocol.Split, row.Protocol.Images)));
        Assert.All(_samples, sample => Assert.True(File.Exists(SoftCamFile.PathOf(run.Cams, sample.Id))));
        Assert.Contains(_runs.Events.OfType<RunSnapshot>().Single().Panels, panel => panel.Kind == "cam");
        Assert.Equal([new Artifact(ArtifactKind.SoftMaps, "train")], Artifact.Of(run.ReadSpec()));
    }

    /// <summary>What needs no network is measured once for the images, whichever run asks.</summary>
    [Fact]
    public void Execute_ASecondRun_FindsTheReferenceRowsInTheCache()
    {
        _runs.Execute(_options, _world, seed: 3);
        var first = _runs.Events.OfType<RunEvaluated>().Where(row => row.Reference).Select(row => row.Miou).ToList();
        var kept = Assert.Single(Directory.GetFiles(_folder.File("cache", "references")));
        File.WriteAllText(kept, File.ReadAllText(kept).Replace("centre prior", "from the cache", StringComparison.Ordinal));

        _runs.Execute(_options, _world, seed: 4);
        Assert.Equal(["all background", "from the cache"], _runs.Events.OfType<RunEvaluated>().Where(row => row.Reference).Select(row => row.Row));
        Assert.Equal(first, _runs.Events.OfType<RunEvaluated>().Where(row => row.Reference).Select(row => row.Miou));

        // Another mask, another answer; what is damaged is measured anew.
        File.WriteAllText(kept, "[");
        _runs.Execute(_options, _world);
        Assert.Equal(["all background", "centre prior"], _runs.Events.OfType<RunEvaluated>().Where(row => row.Reference).Select(row => row.Row));
        File.SetLastWriteTimeUtc(_samples[0].MaskPath!, DateTime.UtcNow.AddMinutes(1));
        _runs.Execute(_options, _world);
        Assert.Equal(2, Directory.GetFiles(_folder.File("cache", "references")).Length);
    }

    [Fact]
    public void Execute_OddFiles_AreAllNamed()
    {
        Write(_samples[0], Side / 2, _samples[0].Tags, (_, _) => 0.5f);
        Write(_samples[1], Side, [_world.Classes.Count], (_, _) => 0.5f);
        File.Delete(PathOf(_samples[2]));
        File.WriteAllText(_folder.File("maps", $"{_samples[2].Id}.npy"), "no array");

        var error = Assert.Throws<InvalidDataException>(() => _runs.Execute(_options, _world)).Message;

        Assert.StartsWith("folder: 3 of the 4 files are not soft maps of their images", error);
        Assert.Contains($"{PathOf(_samples[0])} has maps of 16x16, its image 32x32.", error);
        Assert.Contains($"{PathOf(_samples[1])} has a map of class {_world.Classes.Count}; {_world.Name} has 0 to {_world.Classes.Count - 1}.",
            error);
        Assert.Contains($"{_samples[2].Id}.npy: it is not a NumPy file.", error);

        File.Delete(PathOf(_samples[0]));
        Assert.Contains($"has no soft maps of 1 of the 4 images of the split 'train': {_samples[0].Id}. Choose the split",
            Assert.Throws<InvalidDataException>(() => _runs.Execute(_options, _world)).Message);
    }

    [Fact]
    public void Execute_MapsOfClassesWithoutTags_AreTakenWithAWarning()
    {
        var other = Enumerable.Range(0, _world.Classes.Count).Except(_samples[1].Tags).First();
        Write(_samples[1], Side, [other], (_, _) => 0.01f);

        _runs.Execute(_options, _world);

        Assert.Contains(_runs.Events.OfType<RunLog>(),
            log => log.Level == "warning" && log.Message.Contains(
            $"1 images have maps of classes that are not among their tags, the first ones {_samples[1].Id}.", StringComparison.Ordinal));
    }

    private string PathOf(Sample sample) => SoftCamFile.PathOf(_options.Folder, sample.Id);

    private void Write(Sample sample, int side, IReadOnlyList<int> classes, Func<byte, int, float> value)
    {
        var truth = sample.ReadTruth();
        SoftCamFile.Write(PathOf(sample),
            new SoftCam(side, side, classes, [.. classes.SelectMany(k => truth.Labels.Take(side * side).Select(label => value(label, k)))]));
    }
}
