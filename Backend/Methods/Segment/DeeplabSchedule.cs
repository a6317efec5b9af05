using static TorchSharp.torch.optim;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>
/// Learning rate lr0 * (1 - t/T)^power, renewed every few steps only (deeplab-pytorch's lr_scheduler.py). A function of the step alone, so that a
/// resumed run needs no schedule state.
/// </summary>
/// <param name="steps">T, the steps of the whole run.</param>
/// <param name="every">Between two of its multiples the rate stays.</param>
public sealed class DeeplabSchedule(Optimizer optimizer, long steps, long every = 10, double power = 0.9)
{
    /// <param name="step">t, the number of steps already done; from T on the rate is 0.</param>
    /// <returns>The first group's learning rate.</returns>
    public double Apply(long step)
    {
        var factor = Math.Pow(1 - (double)(Math.Min(step, steps) / every * every) / steps, power);
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = group.InitialLearningRate * factor;
        return optimizer.ParamGroups.First().LearningRate;
    }
}
