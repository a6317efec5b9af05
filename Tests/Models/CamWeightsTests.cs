using Dashboard.Backend.Models;
using Dashboard.Backend.Weights;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class CamWeightsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CamNet _trained = new(ResNetShape.Small, 16, detachLayer2: false, classes: 3);
    private readonly CamNet _net = new(ResNetShape.Small, 16, detachLayer2: false, classes: 3);

    public void Dispose()
    {
        _trained.Dispose();
        _net.Dispose();
        _folder.Dispose();
    }

    /// <summary>The authors' code registers the classifier twice and the backbone under a name of its own.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("resnet50.")]
    public void Load_NamesOfTheAuthors_OverwritesEveryTensor(string prefix)
    {
        var tensors = Tensors().ToDictionary(tensor => tensor.Key.Replace("backbone.", prefix, StringComparison.Ordinal), tensor => tensor.Value);
        tensors["newly_added.0.weight"] = tensors["classifier.weight"];
        var path = Write(tensors.Where(tensor => !tensor.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)));

        var said = CamWeights.Load(_net, path, strict: true);

        Assert.Contains(path, said, StringComparison.Ordinal);
        foreach (var (name, tensor) in _net.state_dict())
            if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
                Assert.Equal(Tensors()[name].ToFloats(), TensorFile.ToData(tensor).ToFloats());
    }

    [Fact]
    public void Load_StrictWithoutClassifier_NamesItAndLeavesTheNetwork()
    {
        var before = TensorFile.ToData(_net.Classifier.weight!).ToFloats();
        var error = Assert.Throws<CheckpointException>(() =>
            CamWeights.Load(_net, Write(Tensors().Where(tensor => tensor.Key != "classifier.weight")), strict: true));
        Assert.Contains("classifier.weight", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, TensorFile.ToData(_net.Classifier.weight!).ToFloats());
    }

    [Fact]
    public void Load_NotStrict_LoadsWhatFitsAndNamesTheRest()
    {
        var path = Write(Tensors()
            .Select(tensor => tensor.Key == "classifier.weight" ? new(tensor.Key, TensorData.Of(new float[5 * 512], 5, 512, 1, 1)) : tensor));
        Assert.Contains("1 of the network's", CamWeights.Load(_net, path, strict: false), StringComparison.Ordinal);
        Assert.Equal(Tensors()["backbone.conv1.weight"].ToFloats(), TensorFile.ToData(_net.state_dict()["backbone.conv1.weight"]).ToFloats());
    }

    private Dictionary<string, TensorData> Tensors() =>
        _trained.state_dict().ToDictionary(entry => entry.Key, entry => TensorFile.ToData(entry.Value));

    private string Write(IEnumerable<KeyValuePair<string, TensorData>> tensors)
    {
        var path = _folder.File("net.safetensors");
        SafetensorsFile.Write(path, tensors.ToDictionary());
        return path;
    }
}
