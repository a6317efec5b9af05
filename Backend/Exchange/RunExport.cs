using Dashboard.Backend.Datasets;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Exchange;

/// <summary>
/// One export of one run: everything that can be wrong is found before the first byte is written. What is written to a path is whole or not there,
/// and never in the place of something else.
/// </summary>
public sealed class RunExport
{
    private const string Zip = ".zip";

    private readonly IExportContent _content;

    private RunExport(RunFolder run, ExportRequest request, IExportContent content) => (Run, Request, _content) = (run, request, content);

    public RunFolder Run { get; }

    public ExportRequest Request { get; }

    /// <summary>A sentence for people: what it holds.</summary>
    public string Description => _content.Description;

    /// <summary>Under which a browser keeps it.</summary>
    public string FileName => Request.Format switch
    {
        ExportFormat.Coco => $"{Run.Id}-coco.json",
        ExportFormat.Safetensors or ExportFormat.Pth => $"{Run.Id}.{Request.Format.NameOf()}",
        var format => $"{Run.Id}-{format.NameOf()}{Zip}",
    };

    public string ContentType => Request.Format switch
    {
        ExportFormat.Coco => "application/json",
        ExportFormat.Safetensors or ExportFormat.Pth => "application/octet-stream",
        _ => "application/zip",
    };

    /// <param name="open">Opens the data set of a spec.</param>
    /// <exception cref="InvalidRunException">The run has no such thing: says what it has.</exception>
    /// <exception cref="InvalidDataException">Spec, log or a file of the run is damaged: names it.</exception>
    /// <exception cref="DatasetException">The run's data set is gone.</exception>
    public static RunExport Prepare(RunFolder run, ExportRequest request, Func<string, IImageDataset> open)
    {
        var spec = run.ReadSpec();
        using var log = new EventLogReader(run.Events);
        var events = log.ReadNew().ToList();
        if (request.Threshold is { } threshold && !(threshold is >= 0 and < 1))
            throw new InvalidRunException("threshold", $"threshold: {threshold} is not between 0 and 1.");
        if (request.Format is ExportFormat.Safetensors or ExportFormat.Pth)
            return new(run, request, NetworkContent.Find(run, spec, request));
        if (events.LastOrDefault(happened => happened.IsLast || happened is RunStarted or RunResumed) is not RunFinished)
            throw new InvalidRunException("run",
                $"The run {run.Id} has not finished: its maps may not all be there. Resume it, and wait for its end.");
        var evaluations = events.OfType<RunEvaluated>().ToList();
        return new(run, request, request.Format switch
        {
            ExportFormat.Npy => SoftMapsContent.Find(run, spec, request, open, evaluations),
            ExportFormat.Voc => new VocContent(LabelSource.Find(run, spec, request, open, evaluations)),
            _ => new CocoContent(LabelSource.Find(run, spec, request, open, evaluations)),
        });
    }

    /// <summary>Why nothing can be written to a path; null where it can.</summary>
    public OptionFailure? Refuse(string path)
    {
        if (File.Exists(path)
            || (Directory.Exists(path) && (!Request.Format.IsFolder() || IsZip(path) || Directory.EnumerateFileSystemEntries(path).Any())))
            return new("out", $"out: {path} is there already, and nothing is overwritten. Give another path, or remove it first.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return folder is not null && !Directory.Exists(folder)
            ? new("out", $"out: there is no folder {folder}. Make it first, or give another path.")
            : null;
    }

    /// <summary>A folder for formats of many files, unless the path ends in <c>.zip</c>; else a file.</summary>
    /// <exception cref="InvalidRunException">See <see cref="Refuse"/>.</exception>
    /// <exception cref="IOException">The disk is full; nothing is left behind.</exception>
    public void Write(string path, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        if (Refuse(path) is { } refusal)
            throw new InvalidRunException([refusal]);
        if (Request.Format.IsFolder() && !IsZip(path))
            WholeFolder.Write(Path.TrimEndingDirectorySeparator(path), folder => _content.Write(new FolderFiles(folder), progress, stop));
        else
            WholeFile.Write(path, file => Write(file, progress, stop), toDisk: true);
    }

    /// <summary>The same as a download: formats of many files as a zip archive.</summary>
    /// <param name="stream">Is left open; need not be able to seek.</param>
    public void Write(Stream stream, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        if (!Request.Format.IsFolder())
        {
            _content.Write(new OneFile(stream), progress, stop);
            return;
        }
        using var zip = new ZipFiles(stream);
        _content.Write(zip, progress, stop);
    }

    private static bool IsZip(string path) => path.EndsWith(Zip, StringComparison.OrdinalIgnoreCase);

    private sealed class OneFile(Stream stream) : IExportFiles
    {
        public void Add(string name, bool isPacked, Action<Stream> write) => write(stream);
    }
}

/// <summary>What an export holds, ready to be written.</summary>
internal interface IExportContent
{
    string Description { get; }

    void Write(IExportFiles files, IProgress<WorkProgress>? progress, CancellationToken stop);
}
