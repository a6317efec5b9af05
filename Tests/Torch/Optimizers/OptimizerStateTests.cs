using TorchSharp;
using TorchSharp.Modules;
using static Dashboard.Tests.Torch.Reference;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch.Optimizers;

[Collection(GeneratorCollection.Name)]
public class OptimizerStateTests
{
    private static readonly Dictionary<string, Func<SmallNet, OptimizerHelper>> Optimizers = new()
    {
        ["SGD"] = net => optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4),
        ["AdamW"] = net => optim.AdamW(net.Net.parameters(), 0.01, weight_decay: 0.1),
        ["AdamW, AMSGrad"] = net => optim.AdamW(net.Net.parameters(), 0.01, amsgrad: true),
        ["Adam"] = net => optim.Adam(net.Net.parameters(), 0.01),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void SaveAndLoad_InTheMiddle_GoesOnBitForBit(string name)
    {
        using var whole = new SmallNet();
        using var wholeOptimizer = Optimizers[name](whole);
        var expected = whole.Steps(wholeOptimizer, 10);

        using var first = new SmallNet();
        using var firstOptimizer = Optimizers[name](first);
        var before = first.Steps(firstOptimizer, 4);
        using var stream = new MemoryStream();
        firstOptimizer.save_state_dict(new BinaryWriter(stream));

        using var second = new SmallNet();
        second.Net.load_state_dict(first.Net.state_dict());
        using var secondOptimizer = Optimizers[name](second);
        stream.Position = 0;
        secondOptimizer.load_state_dict(new BinaryReader(stream));
        var after = second.Steps(secondOptimizer, 6);

        Assert.Equal(expected, before.Concat(after));
        Assert.Equal(Values(whole.First.weight), Values(second.First.weight));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StateDict_CopiedToATwin_IsItsOwn(string name)
    {
        using var first = new SmallNet();
        using var firstOptimizer = Optimizers[name](first);
        first.Steps(firstOptimizer, 2);
        using var second = new SmallNet();
        using var secondOptimizer = Optimizers[name](second);

        secondOptimizer.load_state_dict(firstOptimizer.state_dict());
        var states = firstOptimizer.state_dict().State.Zip(secondOptimizer.state_dict().State).ToArray();
        Assert.Equal(4, states.Length);
        Assert.All(states, pair => Assert.True(pair.First.ApproximatelyEquals(pair.Second)));

        second.Steps(secondOptimizer, 1);
        Assert.Contains(states, pair => !pair.First.ApproximatelyEquals(pair.Second));
    }

    [Fact]
    public void State_IsReachable_InTheOrderOfTheParameters()
    {
        using var net = new SmallNet();
        using var sgd = optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9);
        Assert.Null(((SGD.State)sgd.state_dict().State[0]).momentum_buffer);
        net.Step(sgd);
        using var adamW = optim.AdamW(net.Net.parameters());
        net.Step(adamW);

        Assert.Equal([4L, 3L], ((SGD.State)sgd.state_dict().State[0]).momentum_buffer!.shape);
        Assert.Equal([2L], ((SGD.State)sgd.state_dict().State[3]).momentum_buffer!.shape);
        var state = (AdamW.State)adamW.state_dict().State[2];
        Assert.Equal((1L, 8L, 8L), (state.step, state.exp_avg!.numel(), state.exp_avg_sq!.numel()));
        Assert.Null(state.max_exp_avg_sq);
    }

    [Fact]
    public void Load_OfAnotherOptimizer_SaysBoth()
    {
        using var net = new SmallNet();
        using var stream = new MemoryStream();
        optim.SGD(net.Net.parameters(), 0.1).save_state_dict(new BinaryWriter(stream));
        stream.Position = 0;

        var message = Assert.Throws<InvalidDataException>(() => optim.AdamW(net.Net.parameters()).load_state_dict(new BinaryReader(stream))).Message;

        Assert.Contains("SGD", message);
        Assert.Contains("AdamW", message);
    }

    [Fact]
    public void Load_WithMoreParameters_IsRefused()
    {
        using var net = new SmallNet();
        using var optimizer = optim.SGD(net.Net.parameters(), 0.1);
        using var smaller = optim.SGD(net.First.parameters(), 0.1);

        Assert.Throws<ArgumentException>(() => smaller.load_state_dict(optimizer.state_dict()));
    }

    [Fact]
    public void ParamGroups_LearningRate_TakesEffectAndKeepsTheInitialOne()
    {
        using var net = new SmallNet();
        using var optimizer = optim.SGD(net.Net.parameters(), 0.1);
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = 0;
        var before = Values(net.First.weight);

        net.Step(optimizer);

        Assert.Equal(before, Values(net.First.weight));
        Assert.Equal(0.1, optimizer.ParamGroups.Single().InitialLearningRate);
    }

    [Fact]
    public void ZeroGrad_DropsTheGradients_AndParametersWithoutOneStay()
    {
        using var net = new SmallNet();
        using var optimizer = optim.SGD(net.Net.parameters(), 0.1, weight_decay: 0.5);
        net.Step(optimizer);
        var before = Values(net.First.weight);

        optimizer.zero_grad();
        optimizer.step();

        Assert.All(net.Net.parameters(), parameter => Assert.Null(parameter.grad));
        Assert.Equal(before, Values(net.First.weight));
    }

    [Fact]
    public void Step_WithClosure_ReturnsItsLoss()
    {
        using var scope = NewDisposeScope();
        using var net = new SmallNet();
        using var optimizer = optim.SGD(net.Net.parameters(), 0.1);

        var loss = optimizer.step(() =>
        {
            var sum = net.Net.call(ones(1, 3)).sum();
            sum.backward();
            return sum;
        });

        Assert.NotNull(loss);
        Assert.NotNull(net.First.weight.grad);
    }
}
