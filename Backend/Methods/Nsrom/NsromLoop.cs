using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Models.Nsrom;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// How both of NSROM's networks learn, whatever their loss: optimiser, schedule and BatchNorm, their maps after each epoch and at the end.
/// </summary>
internal sealed class NsromLoop : IDisposable
{
    /// <summary>One forward pass, and twice that backward.</summary>
    private const double WorkPerImage = 3;

    private readonly NsromNet _net;
    private readonly BatchNormMode _batchNorm;
    private readonly OptimizerHelper _optimizer;
    private readonly TrainingLoop _loop;
    private readonly NsromSplits _splits;

    /// <param name="net">On the device.</param>
    /// <param name="row">As the leaderboard names the maps: "OA-CAM".</param>
    /// <param name="kept">What the loss gathers while it trains; null: nothing.</param>
    public NsromLoop(
        RunContext context, NsromNetOptions options, BatchLoader loader, NsromNet net, Device device, string row, IKeptState? kept = null)
    {
        (_net, _batchNorm) = (net, options.BatchNorm);
        _optimizer = NsromOptimizer.Of(options, net);
        _splits = new NsromSplits(context, options, row, new NsromInference(net, options.ImageSize, device));
        _loop = new TrainingLoop(context, loader, options.Epochs, net, _optimizer,
            _ => new NsromSchedule(_optimizer, loader.StepsPerEpoch, options.DecayAfter).Apply, device, WorkPerImage, workAfter: _splits.Count)
        {
            Kept = kept,
        };
    }

    public void Train(TrainingStep step)
    {
        _net.train(_batchNorm);
        _loop.Run(step, afterEpoch: (epoch, steps) =>
        {
            _splits.Show(epoch, steps);
            _net.train(_batchNorm);
        });
    }

    /// <summary>Writes the maps and scores them.</summary>
    public void Score()
    {
        _splits.Write(_loop.Progress);
        _splits.Score(_loop.Steps);
    }

    public DryRunReport MeasureStep(TrainingStep step)
    {
        _net.train(_batchNorm);
        return _loop.Measure(step);
    }

    public void Dispose()
    {
        _loop.Dispose();
        _optimizer.Dispose();
    }
}
