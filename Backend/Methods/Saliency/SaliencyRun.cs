using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Nsrom;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Methods.Saliency;

/// <summary>Saliency maps of a data set: taken from a folder, or computed by <see cref="MinimumBarrier"/>.</summary>
public sealed class SaliencyRun : IRunMethod
{
    public string Name => SaliencyMethod.Descriptor.Name;

    public void Execute(RunContext context) => new SplitSaliency(context).Write();

    public DryRunReport DryRun(RunContext context) => new SplitSaliency(context).MeasureImage();

    public IReadOnlyList<OptionFailure> Check(MethodOptions options, string dataset, RunInventory inventory) =>
        options is SaliencyOptions { Folder: { Length: > 0 } folder } && !Directory.Exists(folder)
            ? [new("folder", $"folder: {folder} is not a folder. Give the one that holds the saliency maps.")]
            : [];
}

/// <summary>One making of saliency: options, images, maps.</summary>
internal sealed class SplitSaliency
{
    private const string Stage = "saliency";
    private const int MapsAhead = 16;

    /// <summary>Faults that a message lists.</summary>
    private const int Named = 10;

    private readonly RunContext _context;
    private readonly SaliencyOptions _options;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly IReadOnlyList<Sample> _shown;
    private readonly SaliencyFolder? _folder;

    /// <exception cref="InvalidDataException">The folder lacks maps: names the images.</exception>
    public SplitSaliency(RunContext context)
    {
        _context = context;
        _options = context.Options<SaliencyOptions>();
        _samples = context.Dataset.SamplesOf(_options.Splits);
        _shown = SnapshotPictures.Spread(context.Dataset.Samples(_options.MainSplit), _options.SnapshotImages);
        _folder = _options.Folder.Length == 0 ? null : new(_options.Folder, _options.Inverted);
        if (_folder?.Missing(_samples) is { Count: > 0 } missing)
            throw new InvalidDataException(
                $"folder: {_options.Folder} has no saliency map of {missing.Count} of the {_samples.Count} images of "
                + $"{string.Join(" and ", _options.Splits)}: {NameList.Of(missing)}. Add them, or name only splits that have maps.");
    }

    /// <summary>Every map is looked at before the run fails. A resume takes them all again: the folder may have changed.</summary>
    /// <exception cref="InvalidDataException">Files that are no saliency of their images: says which, and why.</exception>
    public void Write()
    {
        Directory.CreateDirectory(_context.Folder.Saliency);
        if (_context.IsResume)
            _context.Report(new RunResumed(Environment.ProcessId, Environment.MachineName, Step: 0, Epoch: 0));
        var progress = new ProgressReporter(_context.Report, _context.Time, _samples.Count);
        var pictures = new SnapshotPictures(_context.Folder, "snapshots/saliency");
        var (findings, faults, panels, done) = (new SaliencyFindings(), new List<string>(), new List<SnapshotPanel>(), 0);
        foreach (var (sample, image, map, fault) in Prefetch.Ordered(_samples, Make, MapsAhead))
        {
            _context.Stop.ThrowIfCancellationRequested();
            if (fault is not null)
                faults.Add(fault);
            if (map is not null)
            {
                findings.Add(sample.Id, map);
                if (image is not null)
                    panels.AddRange([.. pictures.ImageAndTruth(sample, image), Overlay(pictures, sample, image, map)]);
                WholeFile.Write(SaliencyInput.PathOf(_context.Folder, sample), file => file.Write(ImageFile.EncodePng(map)));
            }
            progress.Advance(Stage, ++done, _samples.Count, epoch: 1, epochs: 1, workDone: 1, images: 1);
        }
        if (_folder is not null)
            Judge(faults, findings);
        if (panels.Count > 0)
            _context.Report(new RunSnapshot(Step: 1, Epoch: 1, panels));
    }

    /// <summary>What one image costs.</summary>
    public DryRunReport MeasureImage()
    {
        if (_samples.Count == 0)
            throw new DatasetException($"splits: there is no image in {string.Join(", ", _options.Splits)}.");
        var start = _context.Time.GetTimestamp();
        if (Make(_samples[0]).Fault is { } fault)
            throw new InvalidDataException($"folder: {fault}");
        var seconds = _context.Time.GetElapsedTime(start).TotalSeconds;
        return new(seconds, ProcessMemory.Peak(), _samples.Count, _samples.Count * seconds);
    }

    private (Sample Sample, ImageBuffer? Image, ImageBuffer? Map, string? Fault) Make(Sample sample)
    {
        if (_folder is null)
        {
            var image = sample.ReadRgb();
            return (sample, _shown.Contains(sample) ? image : null, MinimumBarrier.Of(image), null);
        }
        var (map, fault) = _folder.Read(sample);
        return (sample, map is not null && _shown.Contains(sample) ? sample.ReadRgb() : null, map, fault);
    }

    private void Judge(List<string> faults, SaliencyFindings findings)
    {
        if (faults.Count > 0)
            throw new InvalidDataException($"folder: {faults.Count} of the {_samples.Count} files are no saliency maps of their images:"
                + $"{Environment.NewLine}{List(faults)}");
        if (findings.Faults(_options.BrightBorders).ToList() is { Count: > 0 } unusable)
            throw new InvalidDataException($"folder: {_options.Folder} cannot be used. {string.Join(" ", unusable)}");
        if (findings.Warning is { } warning)
            _context.Report(new RunLog("warning", warning));
    }

    private SnapshotPanel Overlay(SnapshotPictures pictures, Sample sample, ImageBuffer image, ImageBuffer map) =>
        pictures.Overlay(sample, "saliency", _context.Dataset.Classes.Count, image, Array.ConvertAll(map.Pixels, level => level / 255f));

    private static string List(IReadOnlyList<string> faults) =>
        string.Join(Environment.NewLine, faults.Take(Named)) + (faults.Count > Named ? $"{Environment.NewLine}and {faults.Count - Named} more" : "");
}
