using Dashboard.Backend.Training;
using Dashboard.Tests.Libtorch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Tests.Training;

[Collection(LibtorchCollection.Name)]
public sealed class WarmupCosineScheduleTests
{
    [Theory]
    [InlineData(0, 0.1 * 1)]
    [InlineData(4, 0.5 * 0.9961)]
    [InlineData(50, 0.505)]
    [InlineData(100, 0.01)]
    public void Apply_AtAStep_RisesThenFallsByACosine(long step, double multiplier)
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.AdamW([parameter], lr: 2);

        var rate = new WarmupCosineSchedule(optimizer, steps: 100, warmup: 0.1, final: 0.01).Apply(step);

        Assert.Equal(2 * multiplier, rate, 4);
        Assert.Equal(rate, optimizer.ParamGroups.Single().LearningRate);
    }

    [Fact]
    public void Apply_WithoutWarmup_BeginsWithTheFullRate()
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.AdamW([parameter], lr: 2);
        Assert.Equal(2, new WarmupCosineSchedule(optimizer, steps: 100, warmup: 0, final: 0).Apply(0), 9);
    }
}
