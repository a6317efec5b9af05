using Dashboard.Backend.Datasets;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Methods.Cam;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Maps;

/// <summary>Class activation maps of several splits from a network that another run has trained.</summary>
public sealed class MapsRun : IRunMethod
{
    public string Name => MapsMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var maps = new SplitMaps(context);
        maps.Write();
        maps.Score();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var maps = new SplitMaps(context);
        return maps.MeasureImage();
    }
}

/// <summary>One making of maps: network, splits, scores.</summary>
internal sealed class SplitMaps : IDisposable
{
    private readonly RunContext _context;
    private readonly MapsOptions _options;
    private readonly CamSource _source;
    private readonly CamInference _inference;
    private readonly ProgressReporter _progress;
    private readonly IReadOnlyList<CamScoring> _splits;

    public SplitMaps(RunContext context)
    {
        _context = context;
        _options = context.Options<MapsOptions>();
        TensorThreads.Use(_options);
        _source = CamSource.Open(context, MapsMethod.Network, LoadedLibtorch.Device(context.Spec.Device));
        _inference = _source.Inference(_source.Options.Scales);
        _progress = new ProgressReporter(context.Report, context.Time, _options.Splits.Sum(split => CamScoring.Work(context, Of(split))));
        _splits =
            [.. _options.Splits.Select(split =>
                new CamScoring(context, Of(split), _source.Row, _inference, _progress) { KeepsMaps = true, IsMain = split == _options.MainSplit })];
        context.Report(new RunLog("info", _source.Description));
    }

    /// <summary>An earlier attempt's maps are kept.</summary>
    public void Write()
    {
        if (_context.IsResume)
            _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        new CamSnapshots(_context, Of(_options.MainSplit), _source.Inference([1.0])).Take(epoch: 1, step: 1);
        foreach (var split in _splits)
            split.WriteMaps();
    }

    /// <summary>The main split first: its score is the run's.</summary>
    public void Score()
    {
        foreach (var split in _splits.Reverse())
            split.Evaluate(step: 1);
    }

    /// <summary>What one image costs, after a first one that warms caches up.</summary>
    public DryRunReport MeasureImage()
    {
        var samples = _options.Splits.SelectMany(_context.Dataset.Samples).ToList();
        if (samples.Count == 0)
            throw new DatasetException($"splits: there is no image in {string.Join(", ", _options.Splits)}.");
        Make(samples[0]);
        var start = _context.Time.GetTimestamp();
        Make(samples[0]);
        var seconds = _context.Time.GetElapsedTime(start).TotalSeconds;
        return new DryRunReport(seconds, ProcessMemory.Peak(), samples.Count, samples.Count * seconds);
    }

    public void Dispose() => _source.Dispose();

    private void Make(Sample sample)
    {
        _inference.Net.eval();
        using var maps = _inference.Maps([sample.ReadRgb()], [sample.Tags])[0];
        // A GPU is done once they are here.
        maps.Full.ToValues<float>();
    }

    /// <summary>As the network's own run is read out and scored, but for the split.</summary>
    private CamNetOptions Of(string split) => _source.Options with { EvaluationSplit = split, Epochs = 1, SnapshotImages = _options.SnapshotImages };
}
