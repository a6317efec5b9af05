using Dashboard.Backend.Training;
using Dashboard.Tests.Libtorch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Tests.Training;

[Collection(LibtorchCollection.Name)]
public sealed class PolyScheduleTests
{
    /// <summary>Multipliers of the published schedule over 9,915 steps (CLIMS: 15 epochs of 661 steps).</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(661, 0.939794933)]
    [InlineData(4957, 0.535935374)]
    [InlineData(9914, 0.000253126)]
    public void Apply_AtAStep_SetsEveryGroupsShareOfItsOwnRate(long step, double multiplier)
    {
        using var backbone = new Parameter(zeros(1));
        using var classifier = new Parameter(zeros(1));
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([backbone], new SGD.Options { LearningRate = 0.1, InitialLearningRate = 0.1 }),
                new SGD.ParamGroup([classifier], new SGD.Options { LearningRate = 1, InitialLearningRate = 1 })],
            0.1);

        var rate = new PolySchedule(optimizer, 9915).Apply(step);

        Assert.Equal(0.1 * multiplier, rate, 9);
        Assert.Equal([0.1 * multiplier, multiplier], optimizer.ParamGroups.Select(group => group.LearningRate),
            (expected, actual) => Math.Abs(expected - actual) < 1e-9);
    }

    [Fact]
    public void Apply_AfterTheLastStep_LeavesTheRate()
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], 0.1);
        var schedule = new PolySchedule(optimizer, 10);

        var last = schedule.Apply(9);

        Assert.Equal(last, schedule.Apply(10));
    }
}
