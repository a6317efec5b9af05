using Dashboard.Tests.Torch.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Torch.Optimizers;

[Collection(GeneratorCollection.Name)]
public class LeakTests
{
    [Theory]
    [InlineData("SGD")]
    [InlineData("SGD, Nesterov")]
    [InlineData("AdamW")]
    [InlineData("AdamW, AMSGrad")]
    public void HundredSteps_LeaveNoTensorBehind(string name)
    {
        var start = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var net = new SmallNet();
        optim.Optimizer optimizer = name switch
        {
            "SGD" => optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4),
            "SGD, Nesterov" => optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4, nesterov: true),
            "AdamW" => optim.AdamW(net.Net.parameters(), weight_decay: 0.1),
            _ => optim.AdamW(net.Net.parameters(), amsgrad: true),
        };
        net.Step(optimizer);
        var baseLine = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        net.Steps(optimizer, 100);
        Assert.Equal(baseLine, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        optimizer.Dispose();
        net.Dispose();
        Assert.Equal(start, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void HundredSteps_OfAConvolutionalNetwork_LeaveNoTensorBehind()
    {
        using var net = new TwoBranches();
        using var optimizer = optim.SGD(net.parameters(), 0.01, momentum: 0.9, weight_decay: 1e-4);
        var baseLine = 0L;
        for (var step = 0; step <= 100; step++)
        {
            if (step == 1)
                baseLine = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            net.call(Reference.Pattern(2, 3, 6, 6)).pow(2).mean().backward();
            optimizer.step();
        }

        Assert.Equal(baseLine, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Steps_WithoutAnyDisposeScope_LeaveOnlyWhatTheCallerMade()
    {
        using var net = new SmallNet();
        using var optimizer = optim.SGD(net.Net.parameters(), 0.1, momentum: 0.9, weight_decay: 1e-4);
        net.Step(optimizer);
        var baseLine = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (var output = net.Net.call(ones(1, 3)))
        using (var loss = output.sum())
            loss.backward();
        optimizer.step();
        optimizer.zero_grad();

        Assert.Equal(baseLine + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
