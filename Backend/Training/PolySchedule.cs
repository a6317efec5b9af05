using static TorchSharp.torch.optim;

namespace Dashboard.Backend.Training;

/// <summary>
/// Learning rate lr0 * (1 - t/T)^power, set before each step (IRN's PolyOptimizer; its "momentum=0.9" is this power).
/// A function of the step alone, so that a resumed run needs no schedule state.
/// </summary>
/// <param name="steps">T, the steps of the whole run.</param>
public sealed class PolySchedule(Optimizer optimizer, long steps, double power = 0.9)
{
    private readonly (ILearningRateController Group, double Initial)[] _groups =
        [.. optimizer.ParamGroups.Select(group => (group, group.InitialLearningRate))];

    /// <param name="step">t, the number of steps already done; from T on the rate stays as it is.</param>
    /// <returns>The first group's learning rate.</returns>
    public double Apply(long step)
    {
        if (step < steps)
            foreach (var (group, initial) in _groups)
                group.LearningRate = initial * Math.Pow(1 - (double)step / steps, power);
        return _groups[0].Group.LearningRate;
    }
}
