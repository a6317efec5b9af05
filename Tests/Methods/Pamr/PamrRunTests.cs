using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Pamr;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Refinement;

namespace Dashboard.Tests.Methods.Pamr;

[Collection(LibtorchCollection.Name)]
public sealed class PamrRunTests : IDisposable
{
    private static readonly PamrOptions Options = new() { Splits = ["train", "val"], SnapshotImages = 1, Dilations = [1, 2, 4] };

    private readonly TinyWorld _world = new();
    private readonly MethodRuns _runs;

    public PamrRunTests() => _runs = new(_world.Folder, PamrMethod.Descriptor, () => new PamrRun())
    {
        Inputs = new Dictionary<string, string> { [PamrMethod.Maps] = TinyWorld.Truth },
    };

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Execute_MapsNearTheTruth_WritesAndScoresTheLabelsOfBothSplits()
    {
        var run = _runs.Execute(Options, _world.Data);

        Assert.Equal(12, Directory.GetFiles(run.Masks).Length);
        var scored = _runs.Events.OfType<RunEvaluated>().ToList();
        Assert.Equal(["val", "train"], scored.Select(evaluated => evaluated.Protocol.Split));
        Assert.All(scored, evaluated =>
        {
            Assert.Equal(("PAMR", Protocol.Stages.PseudoLabel, false, Protocol.TagsGiven),
                (evaluated.Row, evaluated.Protocol.Stage, evaluated.Protocol.Crf, evaluated.Protocol.Tags));
            Assert.InRange(evaluated.Miou, 0.6, 1);
        });
    }

    [Fact]
    public void Execute_ImageWithoutTags_IsAllBackground()
    {
        var sample = _world.Data.Samples("val")[0];
        SoftCamFile.Write(_world.MapOf(sample), new SoftCam(32, 32, [], []));

        var run = _runs.Execute(Options, _world.Data);

        Assert.All(ImageFile.ReadLabels(Path.Combine(run.Masks, $"{sample.Id}.png")).Labels, label => Assert.Equal(LabelMap.Background, label));
    }

    [Theory]
    [InlineData("background", "2")]
    [InlineData("dilations", "0")]
    public void Options_OutOfRange_NameTheOption(string option, string value)
    {
        var schema = PamrMethod.Descriptor.Schema;
        Assert.StartsWith($"{option}: ", Assert.Single(schema.Assign([], [$"{option}={value}"])).Message);
    }
}
