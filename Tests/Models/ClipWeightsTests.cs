using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Tests.Golden;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class ClipWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clip-weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_HuggingFaceFolder_GivesTheFeaturesOfOpenAisFile()
    {
        using (var checkpoint = CheckpointFile.Open(Published()))
            SafetensorsFile.Write(Path.Combine(_folder, "model.safetensors"), ClipNames.ToHuggingFace(ClipNames.ToOpenAi(checkpoint)));
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"text_config": {"num_attention_heads": 1}, "vision_config": {"hidden_act": "quick_gelu"}}""");
        Assert.Equal(Features(Published()), Features(_folder));
    }

    [Fact]
    public void Load_HuggingFaceConfiguration_DecidesHeadsAndActivation()
    {
        using (var checkpoint = CheckpointFile.Open(Published()))
            SafetensorsFile.Write(Path.Combine(_folder, "model.safetensors"), ClipNames.ToHuggingFace(ClipNames.ToOpenAi(checkpoint)));
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"text_config": {"num_attention_heads": 2}, "vision_config": {"num_attention_heads": 4, "hidden_act": "gelu"}}""");
        using var model = ClipWeights.Load(_folder);
        Assert.Equal((4, 2, false), (model.Shape.VisionHeads, model.Shape.TextHeads, model.Shape.QuickGelu));
    }

    [Theory]
    [InlineData("{", "not the configuration")]
    [InlineData("[]", "not the configuration")]
    [InlineData("""{"vision_config": {"hidden_act": "relu"}}""", "'relu' is not known")]
    [InlineData("""{"vision_config": {"num_attention_heads": 5}}""", "do not divide")]
    [InlineData("""{"vision_config": {"num_attention_heads": 0}}""", "do not divide")]
    public void Load_WrongConfiguration_SaysWhatIsWrong(string configuration, string fault)
    {
        File.Copy(Published(), Path.Combine(_folder, "model.safetensors"));
        File.WriteAllText(Path.Combine(_folder, "config.json"), configuration);
        var error = Assert.Throws<CheckpointException>(() => ClipWeights.Load(_folder));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FolderWithoutWeights_SaysWhatIsLookedFor() =>
        Assert.Contains("model.safetensors", Assert.Throws<CheckpointException>(() => ClipWeights.Load(_folder)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("visual.transformer.resblocks.1.attn.in_proj_weight", "visual.transformer.resblocks.1.attn.in_proj_weight")]
    [InlineData("visual.conv1.weight", "visual.conv1.weight")]
    [InlineData("visual.positional_embedding", "visual.positional_embedding")]
    [InlineData("text_projection", "text_projection")]
    [InlineData("ln_final.bias", "ln_final.bias")]
    public void Load_TensorOfAnotherShape_IsNamed(string name, string named)
    {
        var path = Altered(tensors => tensors[name] = TensorData.Of(new float[7], 7));
        Assert.Contains($"'{named}' has the shape [7]",
            Assert.Throws<CheckpointException>(() => ClipWeights.Load(path, ClipActivation.QuickGelu)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TensorMissing_IsNamed()
    {
        var path = Altered(tensors => tensors.Remove("visual.ln_post.bias"));
        Assert.Contains("visual.ln_post.bias", Assert.Throws<CheckpointException>(() => ClipWeights.Load(path, ClipActivation.QuickGelu)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Save_Model_IsLoadedWithItsHeads()
    {
        var path = Path.Combine(_folder, "small.safetensors");
        using var scope = NewDisposeScope();
        using var model = new ClipModel(new(8, 16, [1], 16, 8, 6, 20, 16, 1) { VisionHeads = 4, TextHeads = 2 });
        ClipWeights.Save(model, path);
        using var loaded = ClipWeights.Load(path);
        Assert.Equal((4, 2), (loaded.Shape.VisionHeads, loaded.Shape.TextHeads));
        var images = randn(2, 3, 16, 16);
        Assert.Equal(Floats(model.encode_image(images)), Floats(loaded.encode_image(images)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Save_Hybrid_IsLoadedEqual(bool quickGelu)
    {
        using var scope = NewDisposeScope();
        using var model = SavedHybrid(quickGelu, out var path);
        using var loaded = ClipWeights.Load(path).freeze();
        Assert.Equal((new ConvolutionalStem(6, 2), 8, 16, quickGelu),
            (loaded.Shape.Stem!, loaded.Shape.PatchSize!.Value, loaded.Shape.ImageResolution, loaded.Shape.QuickGelu));
        var (images, text) = (randn(2, 3, 16, 24), tensor(new long[] { 18, 3, 19, 0, 0, 0 }, [1, 6]));
        Assert.Equal(Floats(model.encode_image(images)), Floats(loaded.encode_image(images)));
        Assert.Equal(Floats(model.encode_patches(images)), Floats(loaded.encode_patches(images)));
        Assert.Equal(Floats(model.encode_text(text)), Floats(loaded.encode_text(text)));
    }

    [Theory]
    [InlineData("visual.conv1.weight")]
    [InlineData("visual.conv2.weight")]
    [InlineData("visual.bn2.running_var")]
    [InlineData("visual.layer1.1.conv1.weight")]
    [InlineData("visual.layer1.1.conv2.weight")]
    [InlineData("visual.positional_embedding")]
    [InlineData("visual.ln_post.weight")]
    [InlineData("visual.proj")]
    public void Load_HybridWithATensorOfAnotherShape_NamesIt(string name)
    {
        using (SavedHybrid(quickGelu: true, out var saved))
        {
            var path = Altered(tensors => tensors[name] = TensorData.Of(new float[7], 7), saved);
            Assert.Contains($"'{name}' has the shape [7]",
                Assert.Throws<CheckpointException>(() => ClipWeights.Load(path, ClipActivation.QuickGelu)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_UnknownActivation_IsRefused()
    {
        var path = Path.Combine(_folder, "relu.safetensors");
        using (var checkpoint = CheckpointFile.Open(Published()))
            SafetensorsFile.Write(path, checkpoint.Tensors, new Dictionary<string, string> { ["activation"] = "relu" });
        Assert.Contains("'relu' is not known", Assert.Throws<CheckpointException>(() => ClipWeights.Load(path, ClipActivation.QuickGelu)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>With running statistics other than those it began with.</summary>
    private ClipModel SavedHybrid(bool quickGelu, out string path)
    {
        path = Path.Combine(_folder, "hybrid.safetensors");
        var model = new ClipModel(new(8, 16, [1], 12, 8, 6, 20, 16, 1) { Stem = new(6, 2), VisionHeads = 3, TextHeads = 2, QuickGelu = quickGelu });
        using (NewDisposeScope())
            model.encode_image(randn(4, 3, 16, 16));
        ClipWeights.Save(model.freeze(), path);
        return model;
    }

    private static string Published() =>
        GoldenCases.All().First(golden => golden is { Subject: "clip-vit", Name: "weights-in-files" }).File("model.safetensors");

    private string Altered(Action<Dictionary<string, TensorData>> alter, string? original = null)
    {
        using var checkpoint = CheckpointFile.Open(original ?? Published());
        var tensors = checkpoint.Tensors.ToDictionary();
        alter(tensors);
        var path = Path.Combine(_folder, "altered.safetensors");
        SafetensorsFile.Write(path, tensors);
        return path;
    }

    private static float[] Features(string path)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var model = ClipWeights.Load(path, ClipActivation.QuickGelu);
        var text = tensor(new long[] { 5, 9, 119, 0, 4, 118, 0, 0 }, [2, 4]);
        return [.. Floats(model.encode_image(tensor(GoldenFormula.Values(1, 3 * 32 * 32, 0, 1, 0), [1, 3, 32, 32]))),
            .. Floats(model.encode_text(text))];
    }

    private static float[] Floats(Tensor values) => values.detach().contiguous().data<float>().ToArray();
}
