using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Import;

/// <summary>Takes label maps from a folder into the run's own, and measures them.</summary>
public sealed class ImportRun : IRunMethod
{
    public string Name => ImportMethod.Descriptor.Name;

    public void Execute(RunContext context)
    {
        var import = new LabelMapImport(context);
        import.Copy();
        import.Score();
    }

    public DryRunReport DryRun(RunContext context) => new LabelMapImport(context).MeasureImage();

    public IReadOnlyList<OptionFailure> Check(MethodOptions options, string dataset, RunInventory inventory) =>
        options is ImportOptions { Folder: var folder } && !Directory.Exists(folder) ? [new("folder", $"folder: {folder} is not a folder. Give the one that holds the label maps.")] : [];
}

/// <summary>One import: options, files, copies, score.</summary>
internal sealed class LabelMapImport
{
    private const string Stage = "label maps";
    private const int MapsAhead = 16;

    /// <summary>Faults that a message names.</summary>
    private const int Named = 10;

    private readonly RunContext _context;
    private readonly ImportOptions _options;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly FileIndex _maps;

    public LabelMapImport(RunContext context)
    {
        _context = context;
        _options = context.Options<ImportOptions>();
        _samples = context.Dataset.Samples(_options.EvaluationSplit);
        _maps = FileIndex.OfMasks(_options.Folder);
        var missing = _samples.Where(sample => _maps.Find(sample.Id) is null).Select(sample => sample.Id).ToList();
        if (missing.Count > 0)
            throw new InvalidDataException(
                $"folder: {_options.Folder} has no label map of {missing.Count} of the {_samples.Count} images of the split '{_options.EvaluationSplit}': {List(missing, ", ")}. Choose the split that it belongs to, or add the files.");
    }

    /// <summary>Every map is looked at before the run fails. A resume takes them all again: the folder may have changed.</summary>
    /// <exception cref="InvalidDataException">Files that are not label maps of their images: names them.</exception>
    public void Copy()
    {
        Directory.CreateDirectory(_context.Folder.Masks);
        var shown = SnapshotPictures.Spread(_samples, _options.SnapshotImages);
        var progress = new ProgressReporter(_context.Report, _context.Time, _samples.Count);
        var done = 0;
        if (_context.IsResume)
            _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        var pictures = new SnapshotPictures(_context.Folder, "snapshots/masks");
        List<SnapshotPanel> panels = [];
        List<string> faults = [];
        foreach (var (sample, labels, fault) in Prefetch.Ordered(_samples, Read, MapsAhead))
        {
            _context.Stop.ThrowIfCancellationRequested();
            if (fault is not null)
                faults.Add(fault);
            else
            {
                if (shown.Contains(sample))
                    panels.AddRange([.. pictures.ImageAndTruth(sample, sample.ReadRgb()), pictures.Labels(sample, labels!)]);
                ImageFile.WriteLabels(LabelMapScoring.PathOf(_context, sample.Id), labels!);
            }
            progress.Advance(Stage, ++done, _samples.Count, epoch: 1, epochs: 1, workDone: 1, images: 1);
        }
        if (faults.Count > 0)
            throw new InvalidDataException($"folder: {faults.Count} of the {_samples.Count} files are not label maps of their images:{Environment.NewLine}{List(faults, Environment.NewLine)}");
        if (panels.Count > 0)
            _context.Report(new RunSnapshot(_samples.Count, Epoch: 1, panels));
    }

    public void Score() => LabelMapScoring.Report(_context, _samples, _options.EvaluationSplit, "Imported", images => new Protocol
    {
        Stage = _options.Stage switch
        {
            LabelMapStage.SegmentationNetwork => Protocol.Stages.SegmentationNetwork,
            LabelMapStage.ZeroShot => Protocol.Stages.ZeroShot,
            _ => Protocol.Stages.PseudoLabel,
        },
        Dataset = _context.Dataset.Name,
        Variant = _context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(_context.Dataset, _options.EvaluationSplit),
        Split = _options.EvaluationSplit,
        ThresholdSource = Protocol.NoThreshold,
        Crf = _options.Crf,
        Tags = _options.TagsGiven ? Protocol.TagsGiven : Protocol.TagsUnknown,
        Images = images,
    });

    /// <summary>What one map costs.</summary>
    public DryRunReport MeasureImage()
    {
        var start = _context.Time.GetTimestamp();
        if (_samples.Count > 0 && Read(_samples[0]).Fault is { } fault)
            throw new InvalidDataException($"folder: {fault}");
        var seconds = _context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), _samples.Count, _samples.Count * seconds);
    }

    private (Sample Sample, LabelMap? Labels, string? Fault) Read(Sample sample)
    {
        try
        {
            var (labels, size, most) = (ImageFile.ReadLabels(Source(sample), sample.Coding), sample.ReadSize(), _context.Dataset.Classes.Count);
            var unknown = labels.Labels.Where(label => label > most && label != LabelMap.Ignore).Distinct().Order().ToList();
            return (labels.Width, labels.Height) != (size.Width, size.Height) ? (sample, null, $"{Source(sample)} is {labels.Width}x{labels.Height} pixels, but its image is {size.Width}x{size.Height}.")
                : unknown.Count > 0 ? (sample, null, $"{Source(sample)} has the labels {string.Join(", ", unknown)}, but {_context.Dataset.Name} has only 0 to {most}, and 255.")
                : (sample, labels, null);
        }
        catch (ImageException error)
        {
            return (sample, null, error.Message);
        }
    }

    private string Source(Sample sample) => _maps.Find(sample.Id)!;

    private static string List(IReadOnlyList<string> items, string between) =>
        string.Join(between, items.Take(Named)) + (items.Count > Named ? $"{between}and {items.Count - Named} more" : "");
}
