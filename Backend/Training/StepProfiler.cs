using System.Collections.Concurrent;
using System.Diagnostics;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>What the training thread does in a step, in this order.</summary>
internal enum StepPart
{
    /// <summary>Waits for the loader.</summary>
    Images,

    /// <summary>Forward.</summary>
    Losses,

    /// <summary>Backward.</summary>
    Gradients,

    /// <summary>The optimiser's step.</summary>
    Update,

    /// <summary>Waits for a GPU that has been told all of that.</summary>
    Device,

    /// <summary>Curves and progress.</summary>
    Report,
}

/// <summary>
/// Takes the time of training steps apart: of the first ones after a warm-up, as a trace in the run's folder and a <see cref="RunProfile"/>. On the
/// CPU an operation is over when its call returns. A GPU is waited for at the end of every profiled step, so that steps do not overlap as they
/// otherwise may.
/// </summary>
internal sealed class StepProfiler
{
    /// <summary>Steps that fill caches.</summary>
    private const int WarmUp = 2;

    /// <summary>Steps in a trace, at most.</summary>
    private const int MostSteps = 50;

    /// <summary>Of images in a trace, at most: batches may be large.</summary>
    private const int MostImages = 10_000;

    private const string TrainingThread = "training";

    private readonly RunContext _context;
    private readonly BatchLoader _loader;
    private readonly Device _device;
    private readonly bool _isGpu;
    private readonly long _warmUp;
    private readonly double[] _seconds = new double[Enum.GetValues<StepPart>().Length];
    private readonly List<TraceSpan> _spans = [];
    private readonly ConcurrentQueue<TraceSpan> _images = new();
    private readonly List<(StepPart Part, long Began, long Ended)> _parts = [];
    private long _last;
    private long _seen;
    private long _first;
    private int _profiled;
    private bool _isOver;

    /// <param name="steps">That there are to come.</param>
    public StepProfiler(RunContext context, BatchLoader loader, Device device, long steps)
    {
        (_context, _loader, _device, _isGpu) = (context, loader, device, device.type == DeviceType.CUDA);
        _warmUp = Math.Clamp(steps - 1, 0, WarmUp);
        loader.Watch = (image, began, ended) =>
        {
            if (_images.Count < MostImages)
                _images.Enqueue(new(image, Thread.CurrentThread.Name ?? "loader", began, ended));
        };
        Begin();
    }

    /// <summary>A step begins: what was done since the last one is none of its time.</summary>
    public void Begin() => _last = Stopwatch.GetTimestamp();

    /// <summary>The part that has just been done; it began where the one before it ended.</summary>
    public void End(StepPart part)
    {
        if (_isOver)
            return;
        var now = Stopwatch.GetTimestamp();
        _parts.Add((part, _last, now));
        _last = now;
    }

    /// <summary>The optimiser's step has been done, or on a GPU launched: then the GPU is waited for.</summary>
    public void EndUpdate()
    {
        End(StepPart.Update);
        if (!_isGpu || _isOver)
            return;
        cuda.synchronize(_device);
        End(StepPart.Device);
    }

    /// <param name="step">The step that is over, counted from 1.</param>
    public void EndStep(long step, int epoch)
    {
        if (_isOver)
            return;
        End(StepPart.Report);
        if (++_seen > _warmUp)
            Keep(step, epoch);
        else
            _images.Clear();
        _parts.Clear();
        if (_profiled == MostSteps)
            Write();
    }

    /// <summary>Writes and reports what there is; once.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write()
    {
        if (_isOver)
            return;
        (_isOver, _loader.Watch) = (true, null);
        if (_profiled == 0)
            return;
        var file = $"profile/step-{_first:000000}.json";
        Directory.CreateDirectory(_context.Folder.Profile);
        TraceFile.Write(_context.Folder.File(file), $"{_context.Spec.Title}, {_context.Spec.Device}", [.. _spans, .. _images]);
        var images = _seconds[(int)StepPart.Images];
        var launched = _seconds[(int)StepPart.Losses] + _seconds[(int)StepPart.Gradients] + _seconds[(int)StepPart.Update];
        var device = _isGpu ? _seconds[(int)StepPart.Device] : launched;
        _context.Report(new RunProfile(_first, _profiled, file, images, device, _seconds.Sum() - images - device));
    }

    private void Keep(long step, int epoch)
    {
        if (_profiled++ == 0)
            _first = step;
        _spans.Add(new($"step {step}", TrainingThread, _parts[0].Began, _parts[^1].Ended) { Epoch = epoch });
        foreach (var (part, began, ended) in _parts)
        {
            _spans.Add(new(NameOf(part), TrainingThread, began, ended));
            _seconds[(int)part] += (double)(ended - began) / Stopwatch.Frequency;
        }
        if (_isGpu)
            _spans.Add(new($"step {step}", _context.Spec.Device, _parts[0].Ended, _parts.Find(part => part.Part == StepPart.Device).Ended));
    }

    private static string NameOf(StepPart part) => part switch
    {
        StepPart.Images => "wait for images",
        StepPart.Losses => "losses",
        StepPart.Gradients => "gradients",
        StepPart.Update => "update",
        StepPart.Device => "wait for the device",
        _ => "report",
    };
}
