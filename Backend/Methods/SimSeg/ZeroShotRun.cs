using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Files;
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

    /// <summary>Images go through the model together as long as they have no more pixels than this; one always does.</summary>
    private const int PixelsAtOnce = 1024 * 1024;

    /// <summary>Images at once, at most: those of small models would wait for each other's decoding.</summary>
    private const int MostAtOnce = 32;

    /// <summary>Passes' worth of decoded images waiting for the model.</summary>
    private const int PassesAhead = 3;

    /// <summary>Scored images whose masks are being made and written.</summary>
    private const int ImagesBehind = 16;

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
        _segmenter = new ZeroShotSegmenter(_model, _classes, _options, threads: 1);
        _snapshots = new ZeroShotSnapshots(context, _classes, _samples, _options.SnapshotImages);
        context.Report(
            new RunLog(
                "info", $"{source.Name} ({source.Tower}, {_model.Resolution} px, SHA-256 {source.Sha256[..12]}) scores "
                + $"{context.Dataset.Classes.Count} classes, each named in {_options.Sentences.Count} sentences."));
    }

    private static string ModelOf(RunContext context) => context.Input(ZeroShotMethod.Pretraining)?.Model
        ?? throw new InvalidRunException("model", "model: choose one on the Models page, give the path of one, or name a run that has trained one.");

    /// <summary>
    /// A label map and the classes' soft maps of every image. An earlier attempt's are kept. Images are decoded ahead of the model and their masks
    /// made behind it, beside each other.
    /// </summary>
    public void WriteMasks()
    {
        Directory.CreateDirectory(_context.Folder.Masks);
        Directory.CreateDirectory(_context.Folder.Cams);
        // All of a pass or none: what goes through the model together decides the last digits.
        var left = _samples.Chunk(AtOnce).Where(pass => pass.Any(IsLeft)).ToList();
        var done = _samples.Count - left.Sum(pass => pass.Length);
        var progress = new ProgressReporter(_context.Report, _context.Time, _samples.Count);
        if (_context.IsResume)
        {
            progress.Skip(done);
            _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        }
        using var behind = new WriteBehind(ImagesBehind);
        foreach (var pass in Prefetch.Ordered(left, Decode, PassesAhead))
        {
            _context.Stop.ThrowIfCancellationRequested();
            foreach (var ((sample, image), scored) in pass.Zip(_segmenter.Score([.. pass.Select(item => item.Image)])))
                if (_snapshots.Shows(sample))
                    Write(sample, scored);
                else
                    behind.Add(() => Write(sample, scored));
            done += pass.Count;
            progress.Advance(Stage, done, _samples.Count, epoch: 1, epochs: 1, workDone: pass.Count, images: pass.Count);
        }
        behind.Finish();
        _snapshots.Report(_samples.Count);
    }

    private int AtOnce => Math.Clamp(PixelsAtOnce / (_segmenter.Side * _segmenter.Side), 1, MostAtOnce);

    private bool IsLeft(Sample sample) => !File.Exists(LabelMapScoring.PathOf(_context, sample.Id)) || _snapshots.Shows(sample);

    private IReadOnlyList<(Sample Sample, SeenImage Image)> Decode(Sample[] pass) =>
        [.. pass.Select(sample => (sample, _segmenter.See(sample.ReadRgb())))];

    private void Write(Sample sample, ImageScores scored)
    {
        var result = _segmenter.Compose(scored, _context.Stop);
        SoftCamFile.Write(SoftCamFile.PathOf(_context.Folder.Cams, sample.Id), result.SoftMaps(scored.Seen.Size), half: true);
        if (_snapshots.Shows(sample))
            _snapshots.Add(sample, sample.ReadRgb(), result);
        // Last, for an image with a mask is done.
        ImageFile.WriteLabels(LabelMapScoring.PathOf(_context, sample.Id), result.Labels);
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

    /// <summary>What one image costs in a pass of several, after a first one that warms caches up.</summary>
    public DryRunReport MeasureImage()
    {
        var pass = _samples.Take(AtOnce).ToArray();
        Make();
        var start = _context.Time.GetTimestamp();
        Make();
        var seconds = _context.Time.GetElapsedTime(start).TotalSeconds / pass.Length;
        return new DryRunReport(seconds, ProcessMemory.Peak(), _samples.Count, _samples.Count * seconds);

        void Make() => Parallel.ForEach(_segmenter.Score([.. Decode(pass).Select(item => item.Image)]), scored => _segmenter.Compose(scored));
    }

    public void Dispose()
    {
        _classes.Dispose();
        _model.Dispose();
    }
}
