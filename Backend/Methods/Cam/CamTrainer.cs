using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution;
using Dashboard.Backend.Models;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>
/// The CAM baseline: a classification network trained from image tags, read out as class activation maps
/// (code of IRN, CVPR 2019; the seeds that CLIMS and NSROM start from).
/// </summary>
public sealed class CamTrainer : IRunMethod
{
    public string Name => CamMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var training = new CamTraining(context);
        training.Train();
        new CamScoring(context, training.Options, training.Net, training.Device, training.Progress).Score(training.Steps);
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var training = new CamTraining(context);
        return training.MeasureStep();
    }
}

/// <summary>One training: options, data, network, optimiser, loop.</summary>
internal sealed class CamTraining : IDisposable
{
    private readonly RunContext _context;
    private readonly BatchLoader _loader;
    private readonly OptimizerHelper _optimizer;
    private readonly PolySchedule _schedule;
    private readonly CheckpointStore _checkpoints;
    private readonly CamSnapshots _snapshots;
    private readonly StepReporter _reporter;

    public CamTraining(RunContext context)
    {
        _context = context;
        Options = context.Options<CamOptions>();
        Device = device(context.Spec.Device);
        set_num_threads(Options.TensorThreads > 0 ? Options.TensorThreads : Environment.ProcessorCount);

        // Data: decoding and augmentation run on the loader's own threads.
        var samples = context.Dataset.Samples(Options.TrainSplit);
        var augmentation = new CamAugmentation(Options.CropSize, Options.ResizeLongMin, Options.ResizeLongMax, Options.FlipProbability);
        _loader = new BatchLoader(samples, context.Dataset.Classes.Count, augmentation, new BatchLoaderOptions
        {
            BatchSize = Options.BatchSize,
            Seed = context.Spec.Seed,
            Threads = Options.LoaderThreads,
        });

        // Network: initialised from the seed, then from ImageNet weights where they are given.
        random.manual_seed(context.Spec.Seed);
        var shape = Options.Network == CamNetwork.ResNet50 ? ResNetShape.ResNet50 : ResNetShape.Small;
        Net = new CamNet(shape, Options.OutputStride, Options.DetachLayer2, context.Dataset.Classes.Count);
        if (Options.Checkpoint.Length > 0)
            context.Report(new RunLog("info", ImageNetWeights.Load(Net.Backbone, Options.Checkpoint)));
        Net.to(Device);

        _optimizer = CamOptimizers.Create(Options, Net);
        _schedule = new PolySchedule(_optimizer, Steps);
        _checkpoints = new CheckpointStore(context.Folder);
        _snapshots = new CamSnapshots(context, Options, Device);
        _reporter = new StepReporter(context.Report, context.Time, Device);
        Progress = new ProgressReporter(context.Report, context.Time, EpochWork * Options.Epochs + CamScoring.Work(context, Options));
    }

    public CamOptions Options { get; }
    public CamNet Net { get; }
    public Device Device { get; }
    public ProgressReporter Progress { get; }

    /// <summary>T, the steps of the whole run.</summary>
    public long Steps => (long)_loader.StepsPerEpoch * Options.Epochs;

    /// <summary>In forward passes of one image: one forward, and twice that backward.</summary>
    private double EpochWork => 3.0 * Options.BatchSize * _loader.StepsPerEpoch;

    public void Train()
    {
        var epochsDone = Resume();
        var step = (long)epochsDone * _loader.StepsPerEpoch;
        using var epochLoss = zeros(1, device: Device);
        var started = _context.Time.GetTimestamp();
        Net.train(Options.BatchNorm);
        foreach (var batch in _loader.Read(Options.Epochs, startEpoch: epochsDone, cancellation: _context.Stop))
        {
            using var _ = batch;
            using var scope = NewDisposeScope();
            var epoch = batch.Epoch + 1;
            var rate = _schedule.Apply(step++);

            var loss = Step(batch);

            using (no_grad())
                epochLoss.add_(loss);
            _reporter.Report(step, epoch, [("loss", loss)], new Dictionary<string, double> { ["learning rate"] = rate });
            Progress.Advance("training", step, Steps, epoch, Options.Epochs, 3.0 * batch.Count, batch.Count);

            if (batch.Step + 1 == _loader.StepsPerEpoch)
                EndEpoch(epoch, step, epochLoss);
        }
        WarnOfSlowLoading(_context.Time.GetElapsedTime(started));
    }

    /// <summary>Forward, loss, backward, step.</summary>
    private Tensor Step(Batch batch)
    {
        var side = Options.CropSize;
        var images = tensor(batch.Images, new long[] { batch.Count, 3, side, side }).to(Device);
        var tags = tensor(batch.Labels, new long[] { batch.Count, _context.Dataset.Classes.Count }).to(Device);
        var logits = Net.call(images);

        // L = -1/K sum_k [ y_k ln s(z_k) + (1 - y_k) ln(1 - s(z_k)) ], mean over the batch.
        var loss = functional.multilabel_soft_margin_loss(logits, tags);

        _optimizer.zero_grad();
        loss.backward();
        _optimizer.step();
        return loss;
    }

    private void EndEpoch(int epoch, long step, Tensor epochLoss)
    {
        _reporter.Flush();
        _context.Report(new RunMetrics(step, epoch, new Dictionary<string, double> { ["epoch/loss"] = epochLoss.item<float>() / _loader.StepsPerEpoch }));
        using (no_grad())
            epochLoss.zero_();
        _snapshots.Take(Net, epoch, step);
        _context.Flush();
        _context.Report(_checkpoints.Save(new CheckpointState(step, epoch), folder => TrainingCheckpoint.Save(folder, Net, _optimizer)));
        Net.train(Options.BatchNorm);
    }

    private void WarnOfSlowLoading(TimeSpan training)
    {
        if (_loader.Waited > 0.05 * training)
            _context.Report(new RunLog("warning", $"Training waited {_loader.Waited.TotalSeconds:F0} of {training.TotalSeconds:F0} s for images. More loaderThreads (now {Options.LoaderThreads}) or a faster disk would help."));
    }

    /// <returns>Epochs that are done.</returns>
    private int Resume()
    {
        if (!_context.IsResume)
            return 0;
        var last = _checkpoints.Last();
        if (last is { Folder: var folder })
            TrainingCheckpoint.Load(folder, Net, _optimizer);
        var state = last?.State ?? new CheckpointState(Step: 0, Epoch: 0);
        Progress.Skip(EpochWork * state.Epoch);
        _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, state.Step, state.Epoch));
        return state.Epoch;
    }

    /// <summary>Seconds a step, after a first one that warms caches up.</summary>
    public DryRunReport MeasureStep()
    {
        Net.train(Options.BatchNorm);
        using var batch = _loader.Read(epochs: 1, cancellation: _context.Stop).First();
        TimeStep(batch);
        var seconds = (TimeStep(batch) + TimeStep(batch)) / 2;
        var scoring = CamScoring.Work(_context, Options) * seconds / (3.0 * Options.BatchSize);
        return new DryRunReport(seconds, ProcessMemory.Peak(), Steps, Steps * seconds + scoring);
    }

    private double TimeStep(Batch batch)
    {
        var start = _context.Time.GetTimestamp();
        using (NewDisposeScope())
            Step(batch).item<float>();
        return _context.Time.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
        _reporter.Dispose();
        _optimizer.Dispose();
        Net.Dispose();
    }
}
