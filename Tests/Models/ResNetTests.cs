using Dashboard.Backend.Models;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Models;

/// <summary>ResNets of both kinds of blocks, built as their weights say.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class ResNetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Files that PyTorch has written; make_resnet.py says what is in them.</summary>
    [Theory]
    [InlineData("basic", ResNetBlock.Basic, new[] { 2, 1, 1, 3 })]
    [InlineData("bottleneck", ResNetBlock.Bottleneck, new[] { 1, 2, 1, 1 })]
    public void FromItsWeights_HasTheirBlocksAndPytorchsOutput(string kind, ResNetBlock block, int[] blocks)
    {
        var shape = ResNetShapeReader.Read(File(kind));
        Assert.Equal(new ResNetShape(2, blocks, block), shape);
        foreach (var stride in new[] { 16, 8 })
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            using var net = new ResNet(shape, stride, detachLayer2: false);
            Assert.Contains($"{block switch { ResNetBlock.Basic => "basic blocks", _ => "bottlenecks" }} [{string.Join(", ", blocks)}]",
                ImageNetWeights.Load(net, File(kind)), StringComparison.Ordinal);
            net.eval();
            using var expected = CheckpointFile.Open(File($"{kind}-expected"));
            var output = net.call(TensorFile.ToTensor(expected["input"]));
            Assert.Equal(expected[$"output{stride}"].Shape, output.shape);
            Assert.All(expected[$"output{stride}"].ToFloats().Zip(output.contiguous().data<float>().ToArray()),
                pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    [Theory]
    [InlineData(64, ResNetBlock.Basic, 2, 2, 2, 2, 11_176_512)]
    [InlineData(64, ResNetBlock.Basic, 3, 4, 6, 3, 21_284_672)]
    [InlineData(64, ResNetBlock.Bottleneck, 3, 4, 6, 3, 23_508_032)]
    [InlineData(64, ResNetBlock.Bottleneck, 3, 4, 23, 3, 42_500_160)]
    public void Published_HaveTorchvisionsNumberOfParameters(int width, ResNetBlock block, int one, int two, int three, int four, long parameters)
    {
        var shape = new ResNetShape(width, [one, two, three, four], block);
        Assert.Contains(shape, new[] { ResNetShape.ResNet18, ResNetShape.ResNet34, ResNetShape.ResNet50, ResNetShape.ResNet101 });
        using var net = new ResNet(shape, 16, detachLayer2: false);
        Assert.Equal(parameters, net.parameters().Sum(parameter => parameter.numel()));
    }

    /// <summary>What the algorithme à trous promises: the positions that both output strides have are the same.</summary>
    [Theory]
    [InlineData("basic")]
    [InlineData("bottleneck")]
    public void Dilated_EveryOtherPositionAtStride8_IsThatOfStride16(string kind)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using var dense = Dilated(8);
        using var sparse = Dilated(16);
        var image = randn(1, 3, 97, 65, generator: new Generator(3));
        var (all, half) = (dense.call(image), sparse.call(image));
        Assert.Equal([(all.shape[2] + 1) / 2, (all.shape[3] + 1) / 2], half.shape[2..]);
        var everyOther = all[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)];
        Assert.InRange((everyOther - half).abs().max().item<float>(), 0, 1e-4);

        ResNet Dilated(int stride)
        {
            var net = new ResNet(ResNetShapeReader.Read(File(kind)), stride, detachLayer2: false, dilated: true);
            ImageNetWeights.Load(net, File(kind));
            net.eval();
            return net;
        }
    }

    [Fact]
    public void Load_WeightsOfAnotherDepth_SaysWhatTheyAreAndWhatIsNeeded()
    {
        using var net = new ResNet(ResNetShape.Small, 16, detachLayer2: false);
        var error = Assert.Throws<CheckpointException>(() => ImageNetWeights.Load(net, File("basic"))).Message;
        Assert.Contains(
            "it holds a ResNet with basic blocks [2, 1, 1, 3] and 2 channels in its stem; the network to fill is a ResNet with bottlenecks [1, 1, "
            + "1, 1] and 16 channels", error, StringComparison.Ordinal);
        Assert.Contains("network: auto", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layer3.0.conv1.weight", "'layer3.0.conv1.weight' is missing")]
    [InlineData("layer4.1.", "'layer4.1.conv1.weight' is missing")]
    [InlineData("conv1.weight", "there is no conv1.weight")]
    public void Read_PartMissing_IsNamed(string start, string fault) =>
        Assert.Contains(
            fault, Refused(tensors =>
                tensors.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal)).ToList().ForEach(name => tensors.Remove(name))),
                    StringComparison.Ordinal);

    [Theory]
    [InlineData("conv1.weight", "[channels, 3, 7, 7]")]
    [InlineData("layer2.0.conv2.weight", "[4, 4, 3, 3], as in a plain ResNet of 2 channels")]
    public void Read_OtherKindOfNetwork_NamesKeyAndShape(string name, string expected)
    {
        var error = Refused(tensors => tensors[name] = TensorData.Of(new float[4 * 2 * 3 * 3], 4, 2, 3, 3));
        Assert.Contains($"'{name}' has the shape [4, 2, 3, 3] instead of {expected}", error, StringComparison.Ordinal);
    }

    private string Refused(Action<Dictionary<string, TensorData>> alter)
    {
        var path = _folder.File("altered.safetensors");
        using (var file = CheckpointFile.Open(File("basic")))
        {
            var tensors = file.Tensors.ToDictionary();
            alter(tensors);
            SafetensorsFile.Write(path, tensors);
        }
        var message = Assert.Throws<CheckpointException>(() => ResNetShapeReader.Read(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        return message;
    }

    private static string File(string kind) => Path.Combine(AppContext.BaseDirectory, "Models", "Files", $"resnet-{kind}.pth");
}
