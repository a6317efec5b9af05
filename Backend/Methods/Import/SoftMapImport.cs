using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Exchange;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods.Import;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Import;

/// <summary>Soft maps from a folder: the authors' dictionaries, or our own files.</summary>
internal sealed class SoftMapImport : IImport
{
    private const string Stage = "soft maps";
    private const int MapsAhead = 8;

    private readonly RunContext _context;
    private readonly ImportOptions _options;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly FileIndex _dictionaries, _own;

    public SoftMapImport(RunContext context)
    {
        _context = context;
        _options = context.Options<ImportOptions>();
        _samples = context.Dataset.Samples(_options.EvaluationSplit);
        (_dictionaries, _own) = (FileIndex.Of(_options.Folder, ".npy"), FileIndex.Of(_options.Folder, ".cam"));
        ImportFaults.RequireAll(_options, _samples, "soft maps", id => Source(id) is not null);
    }

    public void Copy()
    {
        Directory.CreateDirectory(_context.Folder.Cams);
        var shown = SnapshotPictures.Spread(_samples, _options.SnapshotImages);
        var progress = new ProgressReporter(_context.Report, _context.Time, _samples.Count);
        if (_context.IsResume)
            _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        var pictures = new SnapshotPictures(_context.Folder, "snapshots/cams");
        var (panels, faults, untagged, done) = (new List<SnapshotPanel>(), new List<string>(), new List<string>(), 0);
        foreach (var (sample, cam, fault) in Prefetch.Ordered(_samples, Read, MapsAhead))
        {
            _context.Stop.ThrowIfCancellationRequested();
            if (fault is not null)
                faults.Add(fault);
            else
            {
                if (shown.Contains(sample))
                    panels.AddRange(Panels(pictures, sample, cam!));
                if (cam!.Classes.Except(sample.Tags).Any())
                    untagged.Add(sample.Id);
                // As exact as they came: half the room where no number loses by it.
                SoftCamFile.Write(SoftCamFile.PathOf(_context.Folder.Cams, sample.Id), cam, half: cam.Maps.All(value => (float)(Half)value == value));
            }
            progress.Advance(Stage, ++done, _samples.Count, epoch: 1, epochs: 1, workDone: 1, images: 1);
        }
        ImportFaults.Throw(faults, _samples.Count, "soft maps");
        if (untagged.Count > 0)
            _context.Report(
                new RunLog(
                    "warning",
                    $"{untagged.Count} images have maps of classes that are not among their tags, the first ones "
                    + $"{string.Join(", ", untagged.Take(5))}. They were taken as they are."));
        if (panels.Count > 0)
            _context.Report(new RunSnapshot(_samples.Count, Epoch: 1, panels));
    }

    public void Score() => new SoftMapScoring(_context, "Imported", new Protocol
    {
        Stage = Protocol.Stages.SeedCam,
        Dataset = _context.Dataset.Name,
        Variant = _context.Dataset.Variant,
        Fingerprint = DatasetFingerprint.Of(_context.Dataset, _options.EvaluationSplit),
        Split = _options.EvaluationSplit,
        ThresholdSource = Protocol.SweptThreshold,
        Crf = _options.Crf,
        Tags = _options.TagsGiven ? Protocol.TagsGiven : Protocol.TagsUnknown,
        Images = _samples.Count,
    }) { ThresholdStep = _options.ThresholdStep, Threshold = _options.Threshold }.Report(_samples, _samples.Count);

    public DryRunReport MeasureImage()
    {
        var start = _context.Time.GetTimestamp();
        if (_samples.Count > 0 && Read(_samples[0]).Fault is { } fault)
            throw new InvalidDataException($"folder: {fault}");
        var seconds = _context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), _samples.Count, _samples.Count * seconds);
    }

    private IEnumerable<SnapshotPanel> Panels(SnapshotPictures pictures, Sample sample, SoftCam cam)
    {
        var (image, pixels) = (sample.ReadRgb(), cam.Width * cam.Height);
        return [.. pictures.ImageAndTruth(sample, image), .. cam.Classes.Select((k, map) =>
            pictures.Overlay(sample, _context.Dataset.Classes.Names[k], k, image, cam.Maps.AsSpan(map * pixels, pixels)))];
    }

    private (Sample Sample, SoftCam? Cam, string? Fault) Read(Sample sample)
    {
        var path = Source(sample.Id)!;
        try
        {
            var (cam, size, classes) = (path.EndsWith(".cam", StringComparison.OrdinalIgnoreCase) ? SoftCamFile.Read(path) : CamDictionary.Read(path),
                sample.ReadSize(), _context.Dataset.Classes.Count);
            return (cam.Width, cam.Height) != (size.Width, size.Height)
                ? (sample, null, $"{path} has maps of {cam.Width}x{cam.Height}, its image {size.Width}x{size.Height}.")
                : cam.Classes.Any(k => k >= classes)
                    ? (sample, null, $"{path} has a map of class {cam.Classes.Max()}; {_context.Dataset.Name} has 0 to {classes - 1}.")
                : (sample, cam, null);
        }
        catch (Exception error) when (error is InvalidDataException or ImageException or IOException)
        {
            return (sample, null, error.Message.Contains(path, StringComparison.Ordinal) ? error.Message : $"{path}: {error.Message}.");
        }
    }

    private string? Source(string id) => _dictionaries.Find(id) ?? _own.Find(id);
}
