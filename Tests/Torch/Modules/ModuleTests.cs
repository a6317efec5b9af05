using TorchSharp;
using TorchSharp.Modules;
using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Torch.Modules;

[Collection(GeneratorCollection.Name)]
public class ModuleTests
{
    [Fact]
    public void RegisterComponents_NamesAreTheFields()
    {
        using var net = new TwoBranches();

        Assert.Equal(
            ["scale", "features.conv.weight", "features.norm.weight", "features.norm.bias", "branches.0.weight", "branches.0.bias", "branches.1.weight", "branches.1.bias"],
            net.named_parameters().Select(named => named.name));
        Assert.Equal(
            ["mean", "features.norm.running_mean", "features.norm.running_var", "features.norm.num_batches_tracked"],
            net.named_buffers().Select(named => named.name));
        Assert.Equal(["features", "branches"], net.named_children().Select(named => named.name));
        Assert.Equal(
            ["features", "branches", "features.conv", "features.norm", "features.relu", "branches.0", "branches.1"],
            net.named_modules().Select(named => named.name));
        Assert.Equal("TwoBranches", net.GetName());
    }

    [Fact]
    public void GetParameter_DottedName_FindsItOrNull()
    {
        using var net = new TwoBranches();

        Assert.Equal([4L, 3L, 3L, 3L], net.get_parameter("features.conv.weight")!.shape);
        Assert.Null(net.get_parameter("features.conv.bias"));
        Assert.Null(net.get_parameter("nothing.weight"));
        Assert.True(net.has_buffer("features.norm.running_var"));
    }

    [Fact]
    public void Parameter_TakesTheHandleOver()
    {
        var data = ones(2);

        using var parameter = new Parameter(data);

        Assert.True(data.IsInvalid);
        Assert.True(parameter.requires_grad);
        Assert.False(new Parameter(ones(2), requires_grad: false).requires_grad);
    }

    [Fact]
    public void Components_MadeInsideADisposeScope_OutliveIt()
    {
        TwoBranches net;
        using (NewDisposeScope())
            net = new TwoBranches();

        Assert.All(net.parameters(), parameter => Assert.False(parameter.IsInvalid));
        Assert.All(net.buffers(), buffer => Assert.False(buffer.IsInvalid));
        net.Dispose();
    }

    [Fact]
    public void Dispose_FreesEveryTensor()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var net = new TwoBranches();
        net.half();
        net.Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void TrainAndEval_ReachEveryModule()
    {
        using var net = new TwoBranches();
        Assert.True(net.training);

        net.eval();
        Assert.All(net.modules().Append(net), module => Assert.False(module.training));

        net.train();
        Assert.All(net.modules().Append(net), module => Assert.True(module.training));
    }

    [Fact]
    public void Apply_VisitsChildrenBeforeParents()
    {
        using var net = Sequential(("a", Sequential(("b", ReLU()))), ("c", Identity()));
        var visited = new List<string>();

        net.apply(module => visited.Add(module.GetName()));

        Assert.Equal(["ReLU", "Sequential", "Identity", "Sequential"], visited);
    }

    [Fact]
    public void To_OtherType_ConvertsFloatsInPlaceAndKeepsCounters()
    {
        using var scope = NewDisposeScope();
        using var net = new TwoBranches();
        var weight = net.get_parameter("features.conv.weight")!;
        var values = Values(weight);
        net.call(Pattern(1, 3, 4, 4)).sum().backward();

        var returned = net.to(ScalarType.Float64);

        Assert.Same(net, returned);
        Assert.Same(weight, net.get_parameter("features.conv.weight"));
        Assert.All(net.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Float64, net.Mean.dtype);
        Assert.Equal(ScalarType.Int64, net.get_buffer("features.norm.num_batches_tracked")!.dtype);
        Assert.Equal(ScalarType.Float64, weight.grad!.dtype);
        Assert.Equal(values, Values(weight.to(ScalarType.Float32)));
        Assert.True(weight.requires_grad && weight.is_leaf);

        net.zero_grad();
        net.call(Pattern(1, 3, 4, 4).to(ScalarType.Float64)).sum().backward();
        Assert.Equal(ScalarType.Float64, weight.grad!.dtype);
    }

    [Fact]
    public void ZeroGrad_DropsGradients_OrFillsThemWithZeros()
    {
        using var scope = NewDisposeScope();
        using var net = Linear(2, 1);
        net.call(ones(1, 2)).sum().backward();

        net.zero_grad(set_to_none: false);
        Assert.Equal([0f, 0f], Values(net.weight.grad!));

        net.zero_grad();
        Assert.Null(net.weight.grad);
    }

    [Fact]
    public void Hooks_ChangeInputAndOutput_UntilRemoved()
    {
        using var scope = NewDisposeScope();
        using var identity = Identity();
        var before = identity.register_forward_pre_hook((_, x) => x + 1);
        var after = identity.register_forward_hook((_, _, y) => y * 10);

        Assert.Equal(20f, identity.call(ones(1)).ToSingle());
        before.remove();
        Assert.Equal(10f, identity.call(ones(1)).ToSingle());
        after.remove();
        Assert.Equal(1f, identity.call(ones(1)).ToSingle());
    }

    [Fact]
    public void Sequential_Inference_KeepsOnlyItsOutput()
    {
        using var noGrad = no_grad();
        using var net = Sequential(Linear(4, 4), ReLU(inplace: true), Identity(), Linear(4, 2));
        using var x = Pattern(3, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using var y = net.call(x);

        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.False(x.IsInvalid);
    }

    [Fact]
    public void RegisterModule_TakenOrDottedName_IsRefused()
    {
        using var net = new TwoBranches();

        Assert.Throws<InvalidOperationException>(() => net.register_module("features", ReLU()));
        Assert.Throws<ArgumentException>(() => net.register_module("a.b", ReLU()));
        Assert.Throws<InvalidOperationException>(() => net.register_buffer("mean", zeros(1)));
    }

    [Fact]
    public void Weight_Replaced_FreesTheOldOneAndKeepsItsName()
    {
        using var scope = NewDisposeScope();
        using var linear = Linear(2, 1);
        var before = linear.weight;

        linear.weight = new Parameter(ones(1, 2));
        linear.bias = null;

        Assert.True(before.IsInvalid);
        Assert.Equal(["weight"], linear.named_parameters().Select(named => named.name));
        Assert.Equal(3f, linear.call(tensor(new[,] { { 1f, 2f } })).ToSingle());
    }

    [Fact]
    public void ModuleDict_KeepsOrderAndNames()
    {
        using var heads = ModuleDict(("second", Linear(2, 1)), ("first", Linear(2, 1)));

        Assert.Equal(["second.weight", "second.bias", "first.weight", "first.bias"], heads.named_parameters().Select(named => named.name));
        Assert.Equal(["second", "first"], heads.Select(entry => entry.Item1));
        Assert.Equal(2L, heads["first"].in_features);
    }
}
