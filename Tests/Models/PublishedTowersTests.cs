using Dashboard.Backend.Models.Bert;
using Dashboard.Backend.Models.Vit;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Golden;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Models;

/// <summary>The two towers of SimSeg against PyTorch's own transformer layers, through state dicts with timm's and Hugging Face's names.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class PublishedTowersTests
{
    [Fact]
    public void Vit_StateDictOfTimmsNames_GivesPytorchsOutput()
    {
        using var scope = NewDisposeScope();
        using var file = Open("vit.pth");
        using var model = new VisionTransformer(new(Width: 12, Layers: 2, PatchSize: 4, Grid: 2) { Heads = 3, HiddenWidth = 20 });
        Load(model, file);
        Same(file["output"], model.call(TensorFile.ToTensor(file["input"])));
    }

    [Fact]
    public void Bert_StateDictOfHuggingFacesNames_GivesPytorchsOutput()
    {
        using var scope = NewDisposeScope();
        using var file = Open("bert.pth");
        using var model = new BertModel(new(VocabularySize: 17, Width: 12, Layers: 2, Positions: 6) { Heads = 3, HiddenWidth = 20 });
        Load(model, file);
        model.eval();
        Same(file["output"], model.call(TensorFile.ToTensor(file["input"]), TensorFile.ToTensor(file["mask"])));
    }

    [Fact]
    public void Bert_Training_DropsOut()
    {
        using var scope = NewDisposeScope();
        using var file = Open("bert.pth");
        using var model = new BertModel(new(VocabularySize: 17, Width: 12, Layers: 2, Positions: 6) { Heads = 3, HiddenWidth = 20 });
        Load(model, file);
        model.train();
        var (tokens, mask) = (TensorFile.ToTensor(file["input"]), TensorFile.ToTensor(file["mask"]));
        Assert.False(allclose(model.call(tokens, mask), model.call(tokens, mask)));
    }

    [Fact]
    public void Vit_OtherResolution_InterpolatesPositions()
    {
        using var scope = NewDisposeScope();
        using var model = new VisionTransformer(new(Width: 8, Layers: 1, PatchSize: 4, Grid: 2) { Heads = 2 });
        Assert.Equal([1, 1 + 3 * 5, 8], model.call(ones(1, 3, 12, 20)).shape);
    }

    private static CheckpointFile Open(string name) => CheckpointFile.Open(Path.Combine(AppContext.BaseDirectory, "Models", "Files", name));

    /// <summary>Every weight comes from the file, under the name it has there.</summary>
    private static void Load(Module model, CheckpointFile file) => TensorFile.LoadStrict(
        model.state_dict(), file.Tensors.Where(tensor => tensor.Key is not ("input" or "mask" or "output")).ToDictionary(), file.Path);

    private static void Same(TensorData expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.shape);
        GoldenAssert.CloseRelativeToMaximum(expected.ToFloats(), actual.detach().contiguous().data<float>().ToArray(), 1e-5, "output");
    }
}
