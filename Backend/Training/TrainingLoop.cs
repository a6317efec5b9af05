using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Training;

/// <summary>The losses of one batch: forward only. Gradients are zero when it is called.</summary>
/// <param name="step">Steps done before in the whole run.</param>
public delegate StepLosses TrainingStep(Batch batch, long step);

/// <summary>What a step minimises, and what it has to tell.</summary>
/// <param name="Total">The loss to take the gradient of; null where the method has gone backward itself, part by part.</param>
/// <param name="Curves">Scalars that may stay on the device; their names become those of the curves.</param>
public readonly record struct StepLosses(Tensor? Total, IReadOnlyList<(string Name, Tensor Value)> Curves)
{
    /// <summary>A loss of one term.</summary>
    public StepLosses(Tensor loss)
        : this(loss, [("loss", loss)])
    {
    }
}

/// <summary>What a method gathers while it trains, as files of every checkpoint.</summary>
public interface IKeptState
{
    void Save(string folder);

    /// <exception cref="Weights.CheckpointException">A file is damaged: names it.</exception>
    void Load(string folder);
}

/// <summary>
/// The loop that methods share: batch by batch through the epochs, zero, losses, backward, step; with curves, progress, a checkpoint after each
/// epoch, and resume. Methods compute losses.
/// </summary>
/// <param name="schedule">Given the steps of the whole run: what sets the learning rate before a step, and returns it.</param>
/// <param name="workPerImage">Work of a training step per image, in forward passes of one image (see <see cref="ProgressReporter"/>).</param>
/// <param name="workAfter">Work that comes after the training, in the same unit.</param>
/// <param name="steps">Where the run ends, be it in the middle of the last epoch; null: with the last epoch.</param>
public sealed class TrainingLoop(
    RunContext context, BatchLoader loader, int epochs, Module net, OptimizerHelper optimizer, Func<long, Func<long, double>> schedule, Device device,
    double workPerImage, double workAfter, long? steps = null) : IDisposable
{
    /// <summary>Share of the training time from which waiting for images is worth a warning.</summary>
    private const double TooLongWaiting = 0.05;

    /// <summary>The first batch is always waited for; of a run of seconds it is much, and nobody would change an option for it.</summary>
    private static readonly TimeSpan LongWaiting = TimeSpan.FromSeconds(10);

    private readonly CheckpointStore _checkpoints = new(context.Folder);
    private readonly StepReporter _reporter = new(context.Report, context.Time, device);
    private readonly EpochMeans _means = new();
    private readonly DeviceBatches _batches = DeviceBatches.For(loader, device);
    private readonly Func<long, double> _schedule = schedule(StepsOf(loader, epochs, steps));
    private StepProfiler? _profiler;

    /// <summary>T, the steps of the whole run.</summary>
    public long Steps { get; } = StepsOf(loader, epochs, steps);

    /// <summary>What follows a step, such as a bound that a parameter must keep; returns what else there is to tell of the step.</summary>
    public Func<IReadOnlyList<(string Name, Tensor Value)>> AfterStep { get; init; } = () => [];

    /// <summary>What the next step depends on besides network and optimiser; null: nothing.</summary>
    public IKeptState? Kept { get; init; }

    public ProgressReporter Progress { get; } =
        new(context.Report, context.Time, (workPerImage * loader.BatchSize * StepsOf(loader, epochs, steps)) + workAfter);

    /// <summary>True where an earlier attempt has left a whole checkpoint, which holds the network then.</summary>
    public bool HasCheckpoint => context.IsResume && _checkpoints.TakeNewest(checkpoint => checkpoint, context.Report) is not null;

    /// <summary>Trains from the last checkpoint, or from the network as it is, to the last epoch.</summary>
    /// <param name="afterEpoch">Called with epoch and step, before the checkpoint is written.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="DivergedException">A loss has become infinite or NaN. The epoch's checkpoint is not written.</exception>
    public void Run(TrainingStep train, Action<int, long> afterEpoch)
    {
        var epochsDone = Resume();
        var step = (long)epochsDone * loader.StepsPerEpoch;
        var started = context.Time.GetTimestamp();
        _profiler = context.Spec.Profile ? new StepProfiler(context, loader, device, Steps - step) : null;
        foreach (var batch in _batches.Read(epochs, startEpoch: epochsDone, cancellation: context.Stop))
        {
            _profiler?.End(StepPart.Images);
            // Batches that lie ready come without a look at the token.
            context.Stop.ThrowIfCancellationRequested();
            var epoch = batch.Epoch + 1;
            var isLastOfEpoch = batch.Step + 1 == loader.StepsPerEpoch || step + 1 == Steps;
            using (batch)
            using (NewDisposeScope())
            {
                var (curves, rate) = Step(train, batch, step++);
                _means.Add(curves);
                _reporter.Report(step, epoch, curves, new Dictionary<string, double> { ["learning rate"] = rate });
                // A step counts as a whole one, as it was planned, though its batch may be the smaller last one of an epoch.
                Progress.Advance("training", step, Steps, epoch, epochs, workPerImage * loader.BatchSize, batch.Count);
            }
            _profiler?.EndStep(step, epoch);
            if (isLastOfEpoch)
                using (NewDisposeScope())
                    EndEpoch(epoch, step, afterEpoch);
            if (step == Steps)
                break;
            _profiler?.Begin();
        }
        _profiler?.Write();
        WarnOfSlowLoading(context.Time.GetElapsedTime(started));
    }

    /// <summary>What a step costs, after a first one that warms caches up. Nothing is reported.</summary>
    public DryRunReport Measure(TrainingStep train)
    {
        using var batch = loader.Read(epochs: 1, cancellation: context.Stop).First();
        Seconds(train, batch, 0);
        var seconds = (Seconds(train, batch, 1) + Seconds(train, batch, 2)) / 2;
        var after = workAfter * seconds / (workPerImage * loader.BatchSize);
        return new DryRunReport(seconds, ProcessMemory.Peak(), Steps, (Steps * seconds) + after) { StepsPerEpoch = loader.StepsPerEpoch };
    }

    public void Dispose()
    {
        _reporter.Dispose();
        _means.Dispose();
    }

    private static long StepsOf(BatchLoader loader, int epochs, long? steps) => Math.Min(steps ?? long.MaxValue, (long)loader.StepsPerEpoch * epochs);

    /// <returns>Epochs that are done.</returns>
    private int Resume()
    {
        if (!context.IsResume)
            return 0;
        _checkpoints.RemoveLeftovers();
        var state = _checkpoints.TakeNewest(Load, context.Report) ?? new CheckpointState(Step: 0, Epoch: 0);
        Progress.Skip(workPerImage * loader.BatchSize * state.Step);
        context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, state.Step, state.Epoch));
        return state.Epoch;
    }

    private CheckpointState Load(StoredCheckpoint checkpoint)
    {
        TrainingCheckpoint.Load(checkpoint.Folder, net, optimizer);
        Kept?.Load(checkpoint.Folder);
        return checkpoint.State;
    }

    private void EndEpoch(int epoch, long step, Action<int, long> afterEpoch)
    {
        _reporter.Flush();
        context.Report(new RunMetrics(step, epoch, _means.Take().ToDictionary(mean => $"epoch/{mean.Key}", mean => mean.Value)));
        afterEpoch(epoch, step);
        context.Flush();
        context.Report(_checkpoints.Save(new CheckpointState(step, epoch), folder =>
        {
            TrainingCheckpoint.Save(folder, net, optimizer);
            Kept?.Save(folder);
        }));
    }

    internal static bool IsWorthAWarning(TimeSpan waited, TimeSpan training) => waited > TooLongWaiting * training && waited > LongWaiting;

    private void WarnOfSlowLoading(TimeSpan training)
    {
        if (IsWorthAWarning(_batches.Waited, training))
            context.Report(
                new RunLog(
                    "warning",
                    $"Training waited {_batches.Waited.TotalSeconds:F0} of {training.TotalSeconds:F0} s for images. More loaderThreads (now "
                    + $"{loader.Threads}) or a faster disk would help."));
    }

    private (IReadOnlyList<(string Name, Tensor Value)> Curves, double Rate) Step(TrainingStep train, Batch batch, long step)
    {
        var rate = _schedule(step);
        optimizer.zero_grad();
        var losses = train(batch, step);
        _profiler?.End(StepPart.Losses);
        losses.Total?.backward();
        _profiler?.End(StepPart.Gradients);
        optimizer.step();
        var after = AfterStep();
        _profiler?.EndUpdate();
        return ([.. losses.Curves, .. after], rate);
    }

    private double Seconds(TrainingStep train, Batch batch, long step)
    {
        var start = context.Time.GetTimestamp();
        using (NewDisposeScope())
            foreach (var (_, loss) in Step(train, batch, step).Curves)
                loss.item<float>();
        return context.Time.GetElapsedTime(start).TotalSeconds;
    }
}
