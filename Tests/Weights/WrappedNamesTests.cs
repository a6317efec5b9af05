using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Pretrained;

namespace Dashboard.Tests.Weights;

/// <summary>Names of tensors behind what training tools put before them.</summary>
public sealed class WrappedNamesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("module.")]
    [InlineData("_orig_mod.")]
    [InlineData("model.")]
    [InlineData("net.")]
    [InlineData("ema.module.")]
    [InlineData("module._orig_mod.")]
    [InlineData("_orig_mod.module.")]
    [InlineData("model.net._orig_mod.module.")]
    public void Clip_BehindWrappers_IsTaken(string wrapper)
    {
        using var checkpoint = Written(SmallClip.Tensors().Select(tensor => ($"{wrapper}{tensor.Key}", tensor.Value)));
        Assert.Equal(SmallClip.Tensors().Keys.Order(), ClipNames.ToOpenAi(checkpoint).Keys.Order());
        Assert.Empty(ClipNames.NotNeeded(checkpoint));
    }

    [Fact]
    public void Clip_OfHuggingFaceBehindWrappers_IsTaken()
    {
        using var checkpoint = Written(ClipNames.ToHuggingFace(SmallClip.Tensors()).Select(tensor => ($"model.module.{tensor.Key}", tensor.Value)));
        Assert.Equal(SmallClip.Tensors().Keys.Order(), ClipNames.ToOpenAi(checkpoint).Keys.Order());
    }

    [Fact]
    public void Clip_WithACompiledTowerInIt_IsTaken()
    {
        using var checkpoint = Written(SmallClip.Tensors()
            .Select(tensor => (tensor.Key.Replace("visual.", "visual._orig_mod.", StringComparison.Ordinal), tensor.Value)));
        Assert.Equal(SmallClip.Tensors().Keys.Order(), ClipNames.ToOpenAi(checkpoint).Keys.Order());
    }

    [Fact]
    public void Clip_BesideItsAverageAndALoss_IsTakenAloneAndTheOthersAreNamed()
    {
        var path = SmallClip.Write(_folder.File("clip"), alter: tensors =>
        {
            foreach (var (name, tensor) in tensors.ToList())
            {
                tensors.Remove(name);
                tensors[$"model.{name}"] = tensor;
                tensors[$"ema.{name}"] = TensorData.Of(new float[tensor.Count], tensor.Shape);
            }
            tensors["criterion.weight"] = TensorData.Of([1f], 1);
        });
        using var checkpoint = CheckpointFile.Open(path);
        Assert.Equal([2.5f], ClipNames.ToOpenAi(checkpoint)["logit_scale"].ToFloats());

        var report = new ModelCatalog(_folder.File("data"), _folder.File("shipped")).Add(path).Import!;

        Assert.Equal((SmallClip.Tensors().Count, SmallClip.Tensors().Count + 1), (report.Loaded, report.Unused.Count));
        Assert.Contains("criterion.weight", report.Unused);
        Assert.Contains("ema.logit_scale", report.Unused);
    }

    [Fact]
    public void Clip_CompiledAndNot_IsRefusedWithBothKeys()
    {
        using var checkpoint =
            Written([.. SmallClip.Tensors().Select(tensor => (tensor.Key, tensor.Value)), ("_orig_mod.ln_final.bias", TensorData.Of([1f], 1))]);
        var error = Assert.Throws<CheckpointException>(() => ClipNames.ToOpenAi(checkpoint)).Message;
        Assert.Contains("'_orig_mod.ln_final.bias'", error, StringComparison.Ordinal);
        Assert.Contains("are both 'ln_final.bias'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void NoClip_NamesKeysAsTheyLookAndWhatIsLookedFor()
    {
        using var checkpoint = Written([("decode_head.conv.weight", TensorData.Of([1f], 1))]);
        var error = Assert.Throws<CheckpointException>(() => ClipNames.ToOpenAi(checkpoint)).Message;
        Assert.Contains("no token_embedding.weight, nor Hugging Face's text_model.embeddings.token_embedding.weight. It holds 1 tensors: decode_head.conv.weight.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("module.")]
    [InlineData("model._orig_mod.")]
    [InlineData("module.encoder_q.")]
    [InlineData("model.backbone.")]
    [InlineData("resnet18.")]
    [InlineData("ema.module.")]
    public void ResNet_BehindWrappers_IsTaken(string wrapper)
    {
        string[] names = ["conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight"];
        using var checkpoint = Written([.. names.Select(name => ($"{wrapper}{name}", TensorData.Of([1f], 1))), ("queue", TensorData.Of([1f], 1))]);
        Assert.Equal(names.Order(), ResNetNames.Rename(checkpoint).Keys.Order());
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("model._orig_mod.")]
    public void SimSeg_BehindWrappers_IsTaken(string wrapper)
    {
        var path = SmallSimSeg.Write(_folder.File("simseg"), tensors =>
        {
            foreach (var (name, tensor) in tensors.ToList())
            {
                tensors.Remove(name);
                tensors[wrapper + name] = tensor;
            }
        });
        var model = new ModelCatalog(_folder.File("data"), _folder.File("shipped")).Add(path);
        Assert.Equal((PretrainedModel.SimSeg, 0), (model.Kind, model.Import!.Unexpected.Count));
    }

    private CheckpointFile Written(IEnumerable<(string Name, TensorData Tensor)> tensors)
    {
        var path = _folder.File("wrapped.safetensors");
        SafetensorsFile.Write(path, tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Tensor));
        return CheckpointFile.Open(path);
    }
}
