using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.SimSeg;

/// <summary>Zero-shot masks of a whole split: from images and class names alone, scored against the ground truth where there is one.</summary>
public sealed class ZeroShotRun : IRunMethod
{
    public string Name => ZeroShotMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        using var segmentation = new SplitSegmentation(context);
        segmentation.WriteMasks();
        segmentation.Score();
    }

    public DryRunReport DryRun(RunContext context)
    {
        using var segmentation = new SplitSegmentation(context);
        return segmentation.MeasureImage();
    }
}

/// <summary>One split: options, model and texts, images, masks, score.</summary>
internal sealed class SplitSegmentation : IDisposable
{
    private const string Stage = "zero-shot masks";

    /// <summary>Decoded images waiting for the model.</summary>
    private const int ImagesAhead = 16;

    private readonly RunContext _context;
    private readonly ZeroShotOptions _options;
    private readonly ITextSupervisedModel _model;
    private readonly ClassTexts _classes;
    private readonly ZeroShotSegmenter _segmenter;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly ZeroShotSnapshots _snapshots;

    public SplitSegmentation(RunContext context)
    {
        _context = context;
        _options = context.Options<ZeroShotOptions>();
        TensorThreads.Use(_options);
        _samples = context.Dataset.Samples(_options.EvaluationSplit);

        // The classes' texts are the same for all images: they are encoded once.
        var source = new ModelCatalog(context.Data.Path).Find(_options.Model.Length > 0 ? _options.Model : ModelOf(context));
        _model = TextSupervisedModels.Open(source, LoadedLibtorch.Device(context.Spec.Device));
        _classes = ClassTexts.Encode(_model, context.Dataset.Classes.Names, _options, context.Stop);
        if (_classes.LeftOut.Count > 0)
            context.Report(new RunLog("warning", LeftOutTemplates.Describe(_classes.LeftOut)));
        if (_classes.Unknown.Count > 0)
            context.Report(new RunLog("warning",
                $"{source.Name} can hardly know {string.Join(", ", _classes.Unknown.Select(word => $"'{word}'"))}: its scores of them say little."));
        if (_options.ClassWords.Keys.Except(context.Dataset.Classes.Names).ToList() is { Count: > 0 } unknown)
            context.Report(
                new RunLog("warning",
                    $"No class of {context.Dataset.Name} is called {string.Join(", ", unknown)}: what classWords say about them has no effect."));
        _segmenter = new ZeroShotSegmenter(_model, _classes, _options);
        _snapshots = new ZeroShotSnapshots(context, _classes, _samples, _options.SnapshotImages);
        context.Report(
            new RunLog(
                "info", $"{source.Name} ({source.Tower}, {_model.Resolution} px, SHA-256 {source.Sha256[..12]}) scores "
                + $"{context.Dataset.Classes.Count} classes, each named in {_options.Sentences.Count} sentences."));
    }

    private static string ModelOf(RunContext context) => context.Input(ZeroShotMethod.Pretraining)?.Model
        ?? throw new InvalidRunException("model", "model: choose one on the Models page, give the path of one, or name a run that has trained one.");

    /// <summary>A label map and the classes' soft maps of every image. An earlier attempt's are kept.</summary>
    public void WriteMasks()
    {
        Directory.CreateDirectory(_context.Folder.Masks);
        Directory.CreateDirectory(_context.Folder.Cams);
        var left = _samples.Where(sample => !File.Exists(LabelMapScoring.PathOf(_context, sample.Id)) || _snapshots.Shows(sample)).ToList();
        var progress = new ProgressReporter(_context.Report, _context.Time, _samples.Count);
        if (_context.IsResume)
        {
            progress.Skip(_samples.Count - left.Count);
            _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        }
        var done = _samples.Count - left.Count;
        foreach (var (sample, image) in Prefetch.Ordered(left, sample => (sample, sample.ReadRgb()), ImagesAhead))
        {
            _context.Stop.ThrowIfCancellationRequested();
            var result = _segmenter.Segment(image);
            SoftCamFile.Write(SoftCamFile.PathOf(_context.Folder.Cams, sample.Id), result.SoftMaps(image.Size), half: true);
            _snapshots.Add(sample, image, result);
            // Last, for an image with a mask is done.
            ImageFile.WriteLabels(LabelMapScoring.PathOf(_context, sample.Id), result.Labels);
            progress.Advance(Stage, ++done, _samples.Count, epoch: 1, epochs: 1, workDone: 1, images: 1);
        }
        _snapshots.Report(_samples.Count);
    }

    public void Score() => LabelMapScoring.Report(_context, _samples, _options.EvaluationSplit, "SimSeg", images => new Protocol
    {
        Stage = Protocol.Stages.ZeroShot,
        Dataset = _context.Dataset.Name,
        Variant = _context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(_context.Dataset, _options.EvaluationSplit),
        Split = _options.EvaluationSplit,
        ThresholdSource = Protocol.NoThreshold,
        Crf = _options.Crf,
        Tags = Protocol.TagsUnknown,
        Images = images,
    });

    /// <summary>What one image costs, after a first one that warms caches up.</summary>
    public DryRunReport MeasureImage()
    {
        var image = _samples[0].ReadRgb();
        _segmenter.Segment(image);
        var start = _context.Time.GetTimestamp();
        _segmenter.Segment(image);
        var seconds = _context.Time.GetElapsedTime(start).TotalSeconds;
        return new DryRunReport(seconds, ProcessMemory.Peak(), _samples.Count, _samples.Count * seconds);
    }

    public void Dispose()
    {
        _classes.Dispose();
        _model.Dispose();
    }
}
