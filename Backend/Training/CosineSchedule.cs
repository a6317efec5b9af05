using TorchSharp;
using static TorchSharp.torch.optim;

namespace Dashboard.Backend.Training;

/// <summary>Learning rate lr0 * (1 + cos(π t/T)) / 2, set before each step; a function of the step alone, as <see cref="PolySchedule"/> is.</summary>
/// <param name="steps">T, the steps of the whole run.</param>
public sealed class CosineSchedule(Optimizer optimizer, long steps)
{
    private readonly (ILearningRateController Group, double Initial)[] _groups =
        [.. optimizer.ParamGroups.Select(group => (group, group.InitialLearningRate))];

    /// <param name="step">t, the number of steps already done.</param>
    /// <returns>The first group's learning rate.</returns>
    public double Apply(long step)
    {
        foreach (var (group, initial) in _groups)
            group.LearningRate = initial * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps)) / 2;
        return _groups[0].Group.LearningRate;
    }
}
