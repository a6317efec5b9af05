using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Models;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Training;

[Collection(LibtorchCollection.Name)]
public sealed class TrainingCheckpointTests : IDisposable
{
    private const int Classes = 3;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CamOptimizer.PolyAsInCode)]
    [InlineData(CamOptimizer.PolyAsPublished)]
    [InlineData(CamOptimizer.AdamW)]
    public void SaveAndLoad_InTheMiddle_GoesOnBitForBit(CamOptimizer kind)
    {
        var options = new CamOptions { Optimizer = kind, LearningRate = 0.01, ClassifierRateFactor = 2 };
        using var images = (ones(2, 3, 32, 32) * 0.5f).cumsum(3);
        var (net, optimizer) = Make(options, seed: 1);
        Step(net, optimizer, images);
        Step(net, optimizer, images);
        TrainingCheckpoint.Save(_folder.Path, net, optimizer);
        var undisturbed = Enumerable.Range(0, 3).Select(_ => Step(net, optimizer, images)).ToList();

        var (other, otherOptimizer) = Make(options, seed: 2);
        TrainingCheckpoint.Load(_folder.Path, other, otherOptimizer);
        var resumed = Enumerable.Range(0, 3).Select(_ => Step(other, otherOptimizer, images)).ToList();

        Assert.Equal(undisturbed, resumed);
    }

    [Fact]
    public void LoadModel_OtherNumberOfClasses_NamesFileKeyAndShapes()
    {
        var (net, optimizer) = Make(new CamOptions(), seed: 1);
        TrainingCheckpoint.Save(_folder.Path, net, optimizer);
        using var other = new CamNet(ResNetShape.Small, 16, detachLayer2: false, Classes + 1);

        var error = Assert.Throws<CheckpointException>(() => TrainingCheckpoint.LoadModel(Path.Combine(_folder.Path, "model.safetensors"), other));

        Assert.Contains("model.safetensors", error.Message);
        Assert.Contains("'classifier.weight' has the shape [3, 512, 1, 1], but the network needs [4, 512, 1, 1]", error.Message);
    }

    [Fact]
    public void ImageNetWeights_OfAnotherNetwork_NameWhatIsMissing()
    {
        var file = Path.Combine(_folder.Path, "stem.safetensors");
        SafetensorsFile.Write(file, new Dictionary<string, TensorData> { ["conv1.weight"] = TensorData.Of(new float[64 * 3 * 7 * 7], 64, 3, 7, 7) });
        using var net = new CamNet(ResNetShape.ResNet50, 16, detachLayer2: true, Classes);

        var error = Assert.Throws<CheckpointException>(() => ImageNetWeights.Load(net.Backbone, file));

        Assert.Contains(file, error.Message);
        Assert.Contains("layer1.0.conv1.weight", error.Message);
    }

    private static (CamNet Net, OptimizerHelper Optimizer) Make(CamOptions options, int seed)
    {
        random.manual_seed(seed);
        var net = new CamNet(ResNetShape.Small, 16, detachLayer2: false, Classes);
        net.train(BatchNormMode.Ordinary);
        return (net, CamOptimizers.Create(options, net));
    }

    private static float Step(CamNet net, OptimizerHelper optimizer, Tensor images)
    {
        using var scope = NewDisposeScope();
        var loss = functional.multilabel_soft_margin_loss(net.call(images), ones(2, Classes));
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }
}
