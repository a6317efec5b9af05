using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Labels;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Import;

/// <summary>Label maps from a folder: options, files, copies, score.</summary>
internal sealed class LabelMapImport : IImport
{
    private const string Stage = "label maps";
    private const int MapsAhead = 16;

    private readonly RunContext _context;
    private readonly ImportOptions _options;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly FileIndex _maps;

    public LabelMapImport(RunContext context)
    {
        _context = context;
        _options = context.Options<ImportOptions>();
        _samples = context.Dataset.Samples(_options.EvaluationSplit);
        // VOC's layout, as the export writes it, too.
        var inside = Path.Combine(_options.Folder, "SegmentationClass");
        _maps = FileIndex.OfMasks(Directory.Exists(inside) ? inside : _options.Folder);
        ImportFaults.RequireAll(_options, _samples, "label map", id => _maps.Find(id) is not null);
    }

    /// <summary>Every map is looked at before the run fails. A resume takes them all again: the folder may have changed.</summary>
    /// <exception cref="InvalidDataException">Files that are not label maps of their images: names them. Or maps drawn in black and white.</exception>
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
        List<LabelKinds> kinds = [];
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
                kinds.Add(LabelKinds.Of(labels!));
            }
            progress.Advance(Stage, ++done, _samples.Count, epoch: 1, epochs: 1, workDone: 1, images: 1);
        }
        ImportFaults.Throw(faults, _samples.Count, "label maps");
        LabelKinds.Require($"folder: {_options.Folder}", [.. _samples.Select(sample => sample.Id)], kinds);
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
        MeanOver = _options.Mean == MeanIouKind.DeepLab ? Protocol.TrueLabels : null,
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
            return (labels.Width, labels.Height) != (size.Width, size.Height)
                ? (sample, null, $"{Source(sample)} is {labels.Width}x{labels.Height} pixels, but its image is {size.Width}x{size.Height}.")
                : unknown.Count > 0
                    ? (sample, null,
                        $"{Source(sample)} has the labels {string.Join(", ", unknown)}, but {_context.Dataset.Name} has only 0 to {most}, and 255.")
                : (sample, labels, null);
        }
        catch (ImageException error)
        {
            return (sample, null, error.Message);
        }
    }

    private string Source(Sample sample) => _maps.Find(sample.Id)!;
}
