using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;


namespace Dashboard.Tests.Weights.Names;

public sealed class ResNetNamesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("conv1.weight", "conv1.weight")]
    [InlineData("layer4.2.bn3.running_var", "layer4.2.bn3.running_var")]
    [InlineData("layer1.0.downsample.1.num_batches_tracked", "layer1.0.downsample.1.num_batches_tracked")]
    [InlineData("backbone.layer2.3.conv2.weight", "layer2.3.conv2.weight")]
    [InlineData("resnet18.layer2.1.conv2.weight", "layer2.1.conv2.weight")]
    [InlineData("encoder_q.layer2.1.conv2.weight", "layer2.1.conv2.weight")]
    [InlineData("encoder_k.layer2.1.conv2.weight", null)]
    [InlineData("resnet50.bn1.bias", "bn1.bias")]
    [InlineData("resnet50.layer3.5.conv1.weight", "layer3.5.conv1.weight")]
    [InlineData("stage1.0.weight", "conv1.weight")]
    [InlineData("stage1.1.running_mean", "bn1.running_mean")]
    [InlineData("stage1.4.0.conv1.weight", "layer1.0.conv1.weight")]
    [InlineData("stage3.0.5.bn2.weight", "layer3.5.bn2.weight")]
    [InlineData("backbone.0.0.weight", "conv1.weight")]
    [InlineData("backbone.0.4.2.bn3.bias", "layer1.2.bn3.bias")]
    [InlineData("backbone.3.0.1.conv3.weight", "layer4.1.conv3.weight")]
    [InlineData("classifier.weight", "classifier.weight")]
    [InlineData("newly_added.0.weight", "classifier.weight")]
    [InlineData("fc.weight", null)]
    [InlineData("resnet50.fc.bias", null)]
    [InlineData("stage1.2.weight", null)]
    [InlineData("optimizer.state", null)]
    public void Rename_Key_GivesTorchvisionsName(string key, string? name) => Assert.Equal(name, ResNetNames.Rename(key));

    [Fact]
    public void Rename_IrnCheckpoint_KeepsOneOfEachWeight()
    {
        SafetensorsFile.Write(_path, Tensors("resnet50.conv1.weight", "stage1.0.weight", "backbone.0.0.weight", "classifier.weight",
            "newly_added.0.weight", "resnet50.fc.weight"));
        using var checkpoint = CheckpointFile.Open(_path);
        Assert.Equal(["classifier.weight", "conv1.weight"], ResNetNames.Rename(checkpoint).Keys.Order());
    }

    [Fact]
    public void Rename_CopiesOfDifferentShape_NamesBothShapes()
    {
        var tensors = Tensors("conv1.weight");
        tensors["stage1.0.weight"] = TensorData.Of(new float[6], 6);
        SafetensorsFile.Write(_path, tensors);
        using var checkpoint = CheckpointFile.Open(_path);
        var error = Assert.Throws<CheckpointException>(() => ResNetNames.Rename(checkpoint));
        Assert.Contains("[6]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rename_NoResNet_SaysSo()
    {
        SafetensorsFile.Write(_path, Tensors("visual.proj"));
        using var checkpoint = CheckpointFile.Open(_path);
        Assert.Contains("no ResNet", Assert.Throws<CheckpointException>(() => ResNetNames.Rename(checkpoint)).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, TensorData> Tensors(params string[] names) =>
        names.ToDictionary(name => name, _ => TensorData.Of([1f, 2, 3, 4], 2, 2));
}
