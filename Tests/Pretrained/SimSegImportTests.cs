using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;

namespace Dashboard.Tests.Pretrained;

/// <summary>What the catalogue says of a SimSeg file when it is added.</summary>
public sealed class SimSegImportTests : IDisposable
{
    private static readonly int All = SimSegTensors.Of(SmallSimSeg.Shape).Count;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ModelCatalog Open() => new(_folder.File("data"), _folder.File("shipped"));

    [Fact]
    public void Add_WholeFile_TakesEveryTensor()
    {
        var model = Open().Add(SmallSimSeg.Write(_folder.File("whole")));
        Assert.Equal(new ImportReport(All, [], [], []), model.Import);
        Assert.Equal((PretrainedModel.SimSeg, 5), (model.Kind, model.EmbeddingSize));
    }

    [Fact]
    public void Add_FileWithMoreAndLess_ReportsAllThreeKindsAndKeepsThem()
    {
        var path = SmallSimSeg.Write(_folder.File("odd"), tensors =>
        {
            tensors.Remove("loss.temperature");
            tensors["image_queue"] = TensorData.Of(new float[3], 3);
            tensors["image_encoder.model.model.extra.weight"] = TensorData.Of(new float[2], 2);
            tensors["text_encoder.model.model.pooler.dense.bias"] = TensorData.Of(new float[6], 6);
        });

        var model = Open().Add(path);

        var expected = new ImportReport(All - 1, ["temperature"], ["image_queue", "image_encoder.model.model.extra.weight"],
            ["text_encoder.model.model.pooler.dense.bias"]);
        Assert.Equal(expected.Loaded, model.Import!.Loaded);
        Assert.Equal(expected.Missing, model.Import.Missing);
        Assert.Equal(expected.Unexpected.Order(), model.Import.Unexpected.Order());
        Assert.Equal(expected.Unused, model.Import.Unused);
        Assert.Equal([model], Open().List());
        // What no model takes is not a parameter of it.
        Assert.Equal(SimSegTensors.Of(SmallSimSeg.Shape).Values.Sum(shape => shape.Aggregate(1L, (count, side) => count * side)) - 1,
            model.Parameters);
    }

    /// <summary>Every tensor but the temperature is needed, however small.</summary>
    [Fact]
    public void Add_AnyNeededTensorMissing_IsRefusedAndNamed()
    {
        foreach (var name in SimSegTensors.Of(SmallSimSeg.Shape).Keys.Where(name =>
            name is not (SimSegTensors.Temperature or "image_projection.linear.weight")))
        {
            var path = SmallSimSeg.Write(_folder.File("cut"),
                tensors => Assert.True(tensors.Remove(name.Replace("_encoder.", "_encoder.model.model.", StringComparison.Ordinal))));
            var refused = Refused(path);
            Assert.Contains("missing", refused, StringComparison.Ordinal);
            Assert.Contains(name, refused, StringComparison.Ordinal);
        }
        Assert.Empty(Open().List());
    }

    [Fact]
    public void Add_NormOfAnotherShape_IsRefusedAndNamed()
    {
        var path = SmallSimSeg.Write(_folder.File("odd"),
            tensors => tensors["image_encoder.model.model.blocks.1.norm2.bias"] = TensorData.Of(new float[9], 9));
        Assert.Contains("'image_encoder.blocks.1.norm2.bias' has the shape [9], but [8] is expected", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Add_HeadsThatDoNotDivide_AreRefused()
    {
        var path = SmallSimSeg.Write(_folder.File("heads"));
        using (var file = CheckpointFile.Open(path))
            SafetensorsFile.Write(_folder.File("heads/other.safetensors"), file.Tensors.ToDictionary(),
                new Dictionary<string, string> { ["vision_heads"] = "3", ["text_heads"] = "3" });
        Assert.Contains("3 and 3 attention heads do not divide the widths 8 and 6", Refused(_folder.File("heads/other.safetensors")),
            StringComparison.Ordinal);
    }

    private string Refused(string path) => Assert.Throws<ModelException>(() => Open().Add(path)).Message;
}
