using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;


namespace Dashboard.Tests.Weights.Names;

public sealed class ClipNamesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void ToOpenAi_HuggingFaceTensors_GivesBackWhatTheyWere()
    {
        var tensors = Clip();
        SafetensorsFile.Write(_path, ClipNames.ToHuggingFace(tensors));
        using var checkpoint = CheckpointFile.Open(_path);
        Assert.Equal([2L, 3], checkpoint["visual_projection.weight"].Shape);
        Assert.Equal([4f, 5], checkpoint["text_model.encoder.layers.0.self_attn.v_proj.bias"].ToFloats());

        var renamed = ClipNames.ToOpenAi(checkpoint);
        Assert.Equal(tensors.Keys.Order(), renamed.Keys.Order());
        Assert.All(tensors, tensor =>
        {
            Assert.Equal(tensor.Value.Shape, renamed[tensor.Key].Shape);
            Assert.Equal(tensor.Value.ToFloats(), renamed[tensor.Key].ToFloats());
        });
    }

    [Fact]
    public void ToOpenAi_OpenAisNames_LeavesOutSettingsAndWrapper()
    {
        var tensors = Clip().ToDictionary(tensor => $"module.{tensor.Key}", tensor => tensor.Value);
        tensors["module.input_resolution"] = TensorData.Of([224L]);
        SafetensorsFile.Write(_path, tensors);
        using var checkpoint = CheckpointFile.Open(_path);
        Assert.Equal(Clip().Keys.Order(), ClipNames.ToOpenAi(checkpoint).Keys.Order());
    }

    [Theory]
    [InlineData("text_model.encoder.layers.0.self_attn.k_proj.weight", "is missing")]
    [InlineData("text_model.embeddings.token_embedding.weight", "no CLIP")]
    public void ToOpenAi_HuggingFaceTensorMissing_SaysSo(string missing, string fault)
    {
        var tensors = ClipNames.ToHuggingFace(Clip()).ToDictionary();
        tensors.Remove(missing);
        SafetensorsFile.Write(_path, tensors);
        using var checkpoint = CheckpointFile.Open(_path);
        Assert.Contains(fault, Assert.Throws<CheckpointException>(() => ClipNames.ToOpenAi(checkpoint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToOpenAi_KeyThatDoesNotFitQuery_IsNamed()
    {
        var tensors = ClipNames.ToHuggingFace(Clip()).ToDictionary();
        tensors["text_model.encoder.layers.0.self_attn.k_proj.weight"] = TensorData.Of(new float[3], 3);
        SafetensorsFile.Write(_path, tensors);
        using var checkpoint = CheckpointFile.Open(_path);
        Assert.Contains("'text_model.encoder.layers.0.self_attn.k_proj.weight' does not fit",
            Assert.Throws<CheckpointException>(() => ClipNames.ToOpenAi(checkpoint)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHuggingFace_TensorOfAResNet_IsNamed() =>
        Assert.Contains("visual.layer1.0.conv1.weight",
            Assert.Throws<ArgumentException>(() =>
            ClipNames.ToHuggingFace(new Dictionary<string, TensorData> { ["visual.layer1.0.conv1.weight"] = TensorData.Of([1f], 1) })).Message,
                StringComparison.Ordinal);

    private static Dictionary<string, TensorData> Clip() => new()
    {
        ["token_embedding.weight"] = Counting(5, 2),
        ["positional_embedding"] = Counting(3, 2),
        ["transformer.resblocks.0.attn.in_proj_weight"] = Counting(6, 2),
        ["transformer.resblocks.0.attn.in_proj_bias"] = Counting(6),
        ["transformer.resblocks.0.attn.out_proj.weight"] = Counting(2, 2),
        ["transformer.resblocks.0.mlp.c_fc.bias"] = Counting(8),
        ["transformer.resblocks.0.ln_2.weight"] = Counting(2),
        ["visual.transformer.resblocks.11.ln_1.bias"] = Counting(3),
        ["visual.conv1.weight"] = Counting(3, 3, 2, 2),
        ["visual.proj"] = Counting(3, 2),
        ["text_projection"] = Counting(2, 2),
        ["logit_scale"] = Counting(),
    };

    private static TensorData Counting(params long[] shape) =>
        TensorData.Of([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, side) => product * side)).Select(i => (float)i)], shape);
}
