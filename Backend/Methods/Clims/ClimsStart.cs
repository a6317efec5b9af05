using Dashboard.Backend.Models;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Seeds;

namespace Dashboard.Backend.Methods.Clims;

/// <summary>
/// The CAM network that CLIMS starts from: a baseline run's, or that of a checkpoint. From ImageNet weights alone the published result is not
/// reached.
/// </summary>
internal static class ClimsStart
{
    /// <returns>A sentence that says where the network comes from.</returns>
    /// <exception cref="InvalidRunException">Neither is given, or the baseline run has no checkpoint.</exception>
    /// <exception cref="Weights.CheckpointException">The checkpoint is damaged, or of another network: names the file and the key.</exception>
    public static string Load(RunContext context, ClimsOptions options, CamNet net)
    {
        if (options.Checkpoint.Length > 0)
            return CamWeights.Load(net, options.Checkpoint, options.StrictCheckpoint);
        return OfBaseline(context, (baseline, checkpoint) =>
            $"{CamWeights.Load(net, ModelOf(checkpoint), options.StrictCheckpoint)} It is the network of run {baseline.Id} after epoch "
            + $"{checkpoint.State.Epoch}.");
    }

    /// <summary>The blocks of the network that it starts from.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static ResNetShape Shape(RunContext context, ClimsOptions options) =>
        options.Checkpoint.Length > 0
            ? ResNetShapeReader.Read(options.Checkpoint)
            : OfBaseline(context, (_, checkpoint) => ResNetShapeReader.Read(ModelOf(checkpoint)));

    private static string ModelOf(StoredCheckpoint checkpoint) => Path.Combine(checkpoint.Folder, TrainingCheckpoint.Model);

    private static T OfBaseline<T>(RunContext context, Func<RunFolder, StoredCheckpoint, T> take) where T : class
    {
        var baseline = context.Input(ClimsMethod.Baseline)
            ?? throw new InvalidRunException("checkpoint",
                "CLIMS starts from a trained CAM network: choose a CAM baseline run, or give the path of a checkpoint (option checkpoint).");
        return new CheckpointStore(baseline).TakeNewest(checkpoint => take(baseline, checkpoint), context.Report)
            ?? throw new InvalidRunException("baseline",
                $"The run {baseline.Id} has no complete checkpoint in {baseline.Checkpoints}. Choose another CAM baseline run, or give a "
                + "checkpoint's path.");
    }
}
