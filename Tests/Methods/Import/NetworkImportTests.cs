using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Exchange;
using Dashboard.Backend.Methods.Import;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Models.Irn;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Backend.Weights.Names;
using Dashboard.Backend.Weights.Pytorch;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Exchange;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Methods.Import;

/// <summary>Checkpoints under the authors' names, written and taken.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class NetworkImportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly MethodRuns _runs;

    public NetworkImportTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 2, val: 2, size: 32);
        _runs = new(_folder, ImportMethod.Descriptor, () => new ImportRun());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_Irns_IsTakenFromEachOfItsNames()
    {
        using var net = new IrNet(ResNetShape.ResNet50);
        net.MeanShift.Mean.copy_(tensor(new[] { 0.25f, -0.5f }));
        var named = Named(net, AuthorNetwork.Irn);

        Assert.Equal(["mean_shift.running_mean", "fc_dp7.4.running_mean", "dp_layers.6.4.running_mean"],
            AuthorNames.Of(AuthorNetwork.Irn, "mean_shift.running_mean"));
        Assert.Equal(["resnet50.layer1.0.conv1.weight", "stage2.0.0.conv1.weight", "backbone.1.0.0.conv1.weight"],
            AuthorNames.Of(AuthorNetwork.Irn, "backbone.layer1.0.conv1.weight"));
        Assert.Equal(["fc_edge3.0.weight", "edge_layers.2.0.weight"], AuthorNames.Of(AuthorNetwork.Irn, "fc_edge3.0.weight"));
        // As IRN saves it: the shift once more among the layers.
        AssertTaken(net, named);
        AssertTaken(net, [.. named.Where(tensor => tensor.Key != "mean_shift.running_mean")]);
        Assert.Contains("IRN's network of boundaries and displacements", Assert.Single(_runs.Events.OfType<RunLog>()).Message);
    }

    [Fact]
    public void Execute_ACamNetworkOfIrn_IsTakenAndGoesOutUnderTheSameNames()
    {
        using var net = new CamNet(ResNetShape.ResNet50, outputStride: 16, detachLayer2: true, _world.Classes.Count);
        var named = Named(net, AuthorNetwork.Cam);

        Assert.Equal(["resnet50.layer1.0.conv1.weight", "stage1.4.0.conv1.weight", "backbone.0.4.0.conv1.weight"],
            AuthorNames.Of(AuthorNetwork.Cam, "backbone.layer1.0.conv1.weight"));
        Assert.Equal(["resnet50.bn1.weight", "stage1.1.weight", "backbone.0.1.weight"], AuthorNames.Of(AuthorNetwork.Cam, "backbone.bn1.weight"));
        Assert.Equal(["classifier.weight", "newly_added.0.weight"], AuthorNames.Of(AuthorNetwork.Cam, "classifier.weight"));
        var run = AssertTaken(net, named);

        RunExport.Prepare(run, new(ExportFormat.Pth), _ => _world).Write(_folder.File("out.pth"));
        using var written = CheckpointFile.Open(_folder.File("out.pth"));
        Assert.Equal(named.Select(tensor => tensor.Key).Order(StringComparer.Ordinal), written.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(named, tensor => Assert.Equal(tensor.Value.ToBytes(), written[tensor.Key].ToBytes()));

        RunExport.Prepare(run, new(ExportFormat.Safetensors), _ => _world).Write(_folder.File("out.safetensors"));
        using var once = CheckpointFile.Open(_folder.File("out.safetensors"));
        Assert.Equal(net.state_dict().Count, once.Tensors.Count);
        Assert.All(once.Tensors.Keys, name => Assert.True(name.StartsWith("resnet50.", StringComparison.Ordinal) || name == "classifier.weight"));
        Assert.Equal("import", once.Metadata["method"]);
    }

    [Fact]
    public void Execute_PsasAndDeeplabs_AreTaken()
    {
        using (var psa = new AffinityNet(new ResNet38(width: 4), groupNorm: false))
        {
            Assert.Equal(["conv1a.weight"], AuthorNames.Of(AuthorNetwork.Psa, "backbone.conv1a.weight"));
            AssertTaken(psa, Named(psa, AuthorNetwork.Psa));
        }
        var backbone = new DeeplabResNet([1, 2, 3, 1], width: 8);
        using var deeplab = new DeeplabV2(backbone, backbone.Channels, _world.Classes.Count + 1);
        Assert.Equal(["base.layer2.block1.reduce.bn.weight"], AuthorNames.Of(AuthorNetwork.Deeplab, "backbone.layer2.block1.reduce.bn.weight"));
        AssertTaken(deeplab, Named(deeplab, AuthorNetwork.Deeplab));
        // Without the multi-scale wrapper, and from several GPUs.
        AssertTaken(deeplab,
            [.. Named(deeplab, AuthorNetwork.Deeplab).Select(tensor => KeyValuePair.Create("module." + tensor.Key["base.".Length..], tensor.Value))]);
    }

    [Fact]
    public void Execute_WhatDoesNotFit_IsNamed()
    {
        using var net = new CamNet(ResNetShape.Small, outputStride: 16, detachLayer2: true, classes: 3);
        var own = TensorFile.ToData(net);

        Assert.Contains($"'classifier.weight' has 3 outputs; {_world.Name} has {_world.Classes.Count} classes, which need {_world.Classes.Count}",
            Refusal([.. own]));
        Assert.Contains("PSA's classification network (fc8)",
            Refusal([new("conv1a.weight", own["classifier.weight"]), new("fc8.weight", own["classifier.weight"])]));
        Assert.Contains("none of the networks that are known here", Refusal([new("embedding", own["classifier.weight"])]));
        using var psa = new AffinityNet(new ResNet38(width: 4), groupNorm: false);
        Assert.Contains("backbone.b5.",
            Refusal([.. Named(psa, AuthorNetwork.Psa).Where(tensor => !tensor.Key.StartsWith("b5.", StringComparison.Ordinal))]));
    }

    /// <summary>The file that goes out is one that the authors' loader takes.</summary>
    [PythonFact("torch")]
    public void Pth_ForPytorch_HasTheNamesOfAModuleThatRegistersItsPartsSeveralTimes()
    {
        using var net = new IrNet(ResNetShape.ResNet50);
        var path = Write("irn.pth", Named(net, AuthorNetwork.Irn));

        var told = Python.Run(
            "torch",
            "import sys, torch; state = torch.load(sys.argv[1], weights_only=True); "
            + "print(state['fc_dp7.4.running_mean'].shape, state['stage5.0.2.bn3.running_var'].data_ptr() == "
            + "state['resnet50.layer4.2.bn3.running_var'].data_ptr(), state['edge_layers.5.bias'].shape)",
            path);

        Assert.Equal("torch.Size([2]) True torch.Size([1])", told);
    }

    private static KeyValuePair<string, TensorData>[] Named(Module net, AuthorNetwork network)
    {
        var tensors = TensorFile.ToData(net);
        if (network != AuthorNetwork.Psa && network != AuthorNetwork.Deeplab)
            Assert.Equal(network, AuthorNames.Of(tensors));
        return [.. tensors.SelectMany(tensor => AuthorNames.Of(network, tensor.Key).Select(name => KeyValuePair.Create(name, tensor.Value)))];
    }

    private RunFolder AssertTaken(Module net, KeyValuePair<string, TensorData>[] tensors)
    {
        var run = _runs.Execute(new ImportOptions { What = ImportedThing.Network, Checkpoint = Write("given.pth", tensors) }, _world);
        var checkpoint = Assert.Single(_runs.Events.OfType<RunCheckpoint>());
        using var kept = CheckpointFile.Open(Path.Combine(run.File(checkpoint.Folder), TrainingCheckpoint.Model));
        var expected = TensorFile.ToData(net);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), kept.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, tensor => Assert.Equal(tensor.Value.ToBytes(), kept[tensor.Key].ToBytes()));
        return run;
    }

    private string Refusal(KeyValuePair<string, TensorData>[] tensors) =>
        Assert.Throws<CheckpointException>(() =>
            _runs.Execute(new ImportOptions { What = ImportedThing.Network, Checkpoint = Write("given.pth", tensors) }, _world)).Message;

    private string Write(string name, KeyValuePair<string, TensorData>[] tensors)
    {
        var path = _folder.File(name);
        using var file = File.Create(path);
        PytorchArchiveWriter.Write(file, tensors);
        return path;
    }
}
