using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class SimSegWeightsTests : IDisposable
{
    internal static SimSegShape Small { get; } = new(
        new(Width: 8, Layers: 2, PatchSize: 4, Grid: 3) { Heads = 2, HiddenWidth = 12 },
        new(VocabularySize: 11, Width: 6, Layers: 1, Positions: 25) { Heads = 3, HiddenWidth = 10, Dropout = 0.2, AttentionDropout = 0.3 },
        EmbeddingSize: 5);

    private readonly TempFolder _folder = new();

    [Fact]
    public void Load_WhatSaveWrote_IsTheSameModel()
    {
        using var scope = NewDisposeScope();
        using var model = new SimSegModel(Small);
        SimSegWeights.Save(model, _folder.File("model.safetensors"));
        var (loaded, report) = SimSegWeights.Load(_folder.File("model.safetensors"));
        using (loaded)
        {
            Assert.Equal(Small, loaded.Shape);
            Assert.All(model.state_dict(), tensor => Assert.True(allclose(tensor.Value, loaded.state_dict()[tensor.Key], 0, 0)));
            Assert.Empty(report.Missing);
            Assert.Equal(model.state_dict().Count, report.Loaded);
        }
    }

    [Fact]
    public void Load_TheAuthorsKeys_AreRenamedAndReported()
    {
        using var scope = NewDisposeScope();
        using var model = new SimSegModel(Small);
        var tensors = Authors(model);
        tensors["image_encoder.model.model.pre_logits.fc.weight"] = TensorData.Of(new float[4], 2, 2);
        tensors["text_encoder.model.model.embeddings.position_ids"] = TensorData.Of(new long[25], 1, 25);
        tensors["text_encoder.model.model.pooler.dense.bias"] = TensorData.Of(new float[6], 6);
        tensors["image_queue"] = TensorData.Of(new float[1], 1);
        var (loaded, report) = Load(tensors);
        using (loaded)
        {
            Assert.All(model.state_dict(), tensor => Assert.True(allclose(tensor.Value, loaded.state_dict()[tensor.Key], 0, 0), tensor.Key));
            Assert.Equal(["image_queue"], report.Unexpected);
            Assert.Equal(3, report.Unused.Count);
            Assert.Contains("unexpected: image_queue", $"{report}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_WithoutTemperature_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var model = new SimSegModel(Small);
        var tensors = Authors(model);
        tensors.Remove("loss.temperature");
        var (loaded, report) = Load(tensors);
        using (loaded)
            Assert.Equal(["temperature"], report.Missing);
    }

    [Theory]
    [InlineData("image_encoder.model.model.norm.bias", "image_encoder.norm.bias")]
    [InlineData("text_encoder.model.model.encoder.layer.0.attention.self.key.weight", "text_encoder.encoder.layer.0.attention.self.key.weight")]
    [InlineData("image_projection.linear.weight", "image_projection.linear.weight")]
    public void Load_AWeightIsMissing_NamesIt(string key, string name)
    {
        using var scope = NewDisposeScope();
        using var model = new SimSegModel(Small);
        var tensors = Authors(model);
        Assert.True(tensors.Remove(key));
        var error = Assert.Throws<CheckpointException>(() => Load(tensors));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AMatrixOfAnotherSize_IsNamedBeforeAnythingIsBuilt()
    {
        using var scope = NewDisposeScope();
        using var model = new SimSegModel(Small);
        var tensors = Authors(model);
        tensors["image_encoder.model.model.blocks.1.mlp.fc1.weight"] = TensorData.Of(new float[16], 2, 8);
        var error = Assert.Throws<CheckpointException>(() => Load(tensors));
        Assert.Contains("'image_encoder.blocks.1.mlp.fc1.weight' has the shape [2, 8], but [12, 8] is expected", error.Message,
            StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The same weights under the keys of the authors' code, whose model wraps each tower twice.</summary>
    private static Dictionary<string, TensorData> Authors(SimSegModel model) => model.state_dict().ToDictionary(
        tensor => tensor.Key == "temperature" ? "loss.temperature" : tensor.Key
            .Replace("image_encoder.", "image_encoder.model.model.", StringComparison.Ordinal)
            .Replace("text_encoder.", "text_encoder.model.model.", StringComparison.Ordinal),
        tensor => TensorFile.ToData(tensor.Value));

    private (SimSegModel Model, ImportReport Report) Load(Dictionary<string, TensorData> tensors)
    {
        var path = _folder.File("authors.safetensors");
        SafetensorsFile.Write(path, tensors, new Dictionary<string, string> { ["vision_heads"] = "2", ["text_heads"] = "3" });
        return SimSegWeights.Load(path);
    }
}
