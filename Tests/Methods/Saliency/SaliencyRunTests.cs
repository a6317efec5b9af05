using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Saliency;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Refinement;

namespace Dashboard.Tests.Methods.Saliency;

[Collection(LibtorchCollection.Name)]
public sealed class SaliencyRunTests : IDisposable
{
    private const int Size = 32;

    private readonly TinyWorld _world = new();
    private readonly MethodRuns _runs;
    private readonly string _maps;
    private readonly SaliencyOptions _fromFolder;

    public SaliencyRunTests()
    {
        _runs = new(_world.Folder, SaliencyMethod.Descriptor, () => new SaliencyRun());
        _maps = Directory.CreateDirectory(_world.Folder.File("maps")).FullName;
        _fromFolder = new SaliencyOptions { Splits = ["train"], Folder = _maps, SnapshotImages = 2 };
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Execute_WithoutAFolder_ComputesEveryMapAndShowsSome()
    {
        var run = _runs.Execute(new SaliencyOptions { Splits = ["train", "val"], SnapshotImages = 2 }, _world.Data);

        Assert.Equal(12, Directory.GetFiles(run.Saliency).Length);
        foreach (var sample in _world.Data.Samples("val"))
            Assert.Equal(MinimumBarrier.Of(sample.ReadRgb()).Pixels, ImageFile.Read(SaliencyInput.PathOf(run, sample)).Pixels);
        Assert.Equal(2, _runs.Events.OfType<RunSnapshot>().Single().Panels.Count(panel => panel.Class == "saliency"));
        Assert.Empty(_runs.Events.OfType<RunEvaluated>());
        Assert.Equal([new Artifact(ArtifactKind.Saliency, "train"), new Artifact(ArtifactKind.Saliency, "val")], Artifact.Of(run.ReadSpec()));
    }

    [Fact]
    public void Execute_FromAFolder_TakesTheMapsAsTheyAre()
    {
        WriteAll(Spot);
        var run = _runs.Execute(_fromFolder, _world.Data);
        foreach (var sample in Samples)
            Assert.Equal(Spot(sample).Pixels, ImageFile.Read(SaliencyInput.PathOf(run, sample)).Pixels);
        Assert.DoesNotContain(_runs.Events.OfType<RunLog>(), log => log.Level == "warning");
    }

    [Fact]
    public void Execute_MapsMissing_NamesImagesAndFolder()
    {
        WriteAll(Spot);
        File.Delete(Path.Combine(_maps, Samples[3].Id + ".png"));
        Assert.Contains($"has no saliency map of 1 of the 8 images of train: {Samples[3].Id}. Add them", Message(_fromFolder),
            StringComparison.Ordinal);
        Assert.Contains("of 5 of the 12 images of train and val", Message(_fromFolder with { Splits = ["train", "val"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_FilesThatAreNoMapsOfTheirImages_AreAllNamed()
    {
        WriteAll(Spot);
        Write(Samples[0], new(16, Size, 1, new byte[16 * Size]));
        Write(Samples[1], new(Size, Size, 3, [.. Enumerable.Range(0, 3 * Size * Size).Select(i => (byte)(100 * (i % 3)))]));
        File.WriteAllText(Path.Combine(_maps, Samples[2].Id + ".png"), "no image");
        var message = Message(_fromFolder);

        Assert.Contains("3 of the 8 files are no saliency maps", message, StringComparison.Ordinal);
        Assert.Contains($"{Samples[0].Id}.png is 16x32 pixels, but its image is 32x32", message, StringComparison.Ordinal);
        Assert.Contains($"{Samples[1].Id}.png is coloured", message, StringComparison.Ordinal);
        Assert.Contains($"{Samples[2].Id}.png", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_InvertedMaps_AreRefusedUntilTheyAreTurnedRound()
    {
        WriteAll(sample => new(Size, Size, 1, Array.ConvertAll(Spot(sample).Pixels, level => (byte)(255 - level))));
        Assert.Contains("8 of the 8 maps are brighter along the border of the image than elsewhere: they look inverted. Set inverted=true",
            Message(_fromFolder), StringComparison.Ordinal);

        var turned = _runs.Execute(_fromFolder with { Inverted = true }, _world.Data);
        Assert.Equal(Spot(Samples[0]).Pixels, ImageFile.Read(SaliencyInput.PathOf(turned, Samples[0])).Pixels);
        var taken = _runs.Execute(_fromFolder with { BrightBorders = true }, _world.Data);
        Assert.NotEqual(Spot(Samples[0]).Pixels, ImageFile.Read(SaliencyInput.PathOf(taken, Samples[0])).Pixels);
    }

    [Fact]
    public void Execute_ConstantMaps_AreRefused()
    {
        WriteAll(_ => new(Size, Size, 1, new byte[Size * Size]));
        Assert.Contains("8 of the 8 maps are black throughout", Message(_fromFolder), StringComparison.Ordinal);
        WriteAll(Spot);
        Write(Samples[5], new(Size, Size, 1, [.. Enumerable.Repeat((byte)128, Size * Size)]));
        Assert.Contains($"1 of the 8 maps are one level of gray throughout, and not black: {Samples[5].Id}", Message(_fromFolder),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_AFewBlackMaps_AreTold()
    {
        var findings = new SaliencyFindings();
        for (var i = 0; i < 20; i++)
            findings.Add($"image-{i}", i == 7 ? new(Size, Size, 1, new byte[Size * Size]) : Spot(Samples[0]));
        Assert.Empty(findings.Faults(brightBorders: false));
        Assert.Contains("nothing is salient in image-7", findings.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_AboutAFolderThatIsNotGiven_AreRefused() =>
        Assert.Equal("folder", Assert.Single(new SaliencyOptions { Inverted = true }.Validate()).Option);

    [Fact]
    public void Options_SayWhatTheyAddToImageTags()
    {
        Assert.Equal(Protocol.TagsAndSaliency, _fromFolder.Supervision);
        Assert.Equal(Protocol.TagsAndComputedSaliency, new SaliencyOptions().Supervision);
    }

    private IReadOnlyList<Sample> Samples => _world.Data.Samples("train");

    private string Message(SaliencyOptions options) => Assert.Throws<InvalidDataException>(() => _runs.Execute(options, _world.Data)).Message;

    private void WriteAll(Func<Sample, ImageBuffer> map)
    {
        foreach (var sample in Samples)
            Write(sample, map(sample));
    }

    private void Write(Sample sample, ImageBuffer map) => ImageFile.WritePng(Path.Combine(_maps, sample.Id + ".png"), map);

    /// <summary>White in the middle, of a brightness that tells the image.</summary>
    private ImageBuffer Spot(Sample sample)
    {
        var level = (byte)(200 + _world.Data.Samples("train").ToList().FindIndex(known => known.Id == sample.Id));
        return new(Size, Size, 1,
            [.. Enumerable.Range(0, Size * Size).Select(i => i % Size is > 8 and < 24 && i / Size is > 8 and < 24 ? level : (byte)3)]);
    }
}
