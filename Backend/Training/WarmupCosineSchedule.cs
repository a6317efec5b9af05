using static TorchSharp.torch.optim;

namespace Dashboard.Backend.Training;

/// <summary>
/// A learning rate that rises in a straight line over the first steps, and falls by half a cosine over all of them (Loshchilov and Hutter, ICLR
/// 2017), set before each step. A function of the step alone, so that a resumed run needs no schedule state.
/// </summary>
/// <param name="steps">T, the steps of the whole run.</param>
/// <param name="warmup">Share of the steps in which the rate rises, 0..1.</param>
/// <param name="final">What the cosine ends at, as a share of the full rate.</param>
public sealed class WarmupCosineSchedule(Optimizer optimizer, long steps, double warmup, double final)
{
    private readonly (ILearningRateController Group, double Initial)[] _groups =
        [.. optimizer.ParamGroups.Select(group => (group, group.InitialLearningRate))];

    /// <param name="step">t, the number of steps already done.</param>
    /// <returns>The first group's learning rate.</returns>
    public double Apply(long step)
    {
        var cosine = final + (1 - final) * (1 + Math.Cos(Math.PI * step / steps)) / 2;
        var rise = warmup > 0 ? Math.Min(1, (step + 1) / (warmup * steps)) : 1;
        foreach (var (group, initial) in _groups)
            group.LearningRate = initial * rise * cosine;
        return _groups[0].Group.LearningRate;
    }
}
