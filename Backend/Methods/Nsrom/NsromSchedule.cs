using static TorchSharp.torch.optim;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// A tenth of the learning rate after each of some epochs (scripts/train.py). A function of the step alone, so that a resumed run needs no schedule
/// state.
/// </summary>
public sealed class NsromSchedule(Optimizer optimizer, int stepsPerEpoch, IReadOnlyList<int> decayAfter)
{
    /// <param name="step">Steps done.</param>
    /// <returns>The first group's learning rate.</returns>
    public double Apply(long step)
    {
        var factor = Math.Pow(0.1, decayAfter.Count(epoch => step >= (long)epoch * stepsPerEpoch));
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = group.InitialLearningRate * factor;
        return optimizer.ParamGroups.First().LearningRate;
    }
}
