using System.Text;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Exchange;

/// <summary>Soft maps as IRN's make_cam writes them: <c>ID.npy</c>, each a dictionary; lists of the splits and a card beside them.</summary>
internal sealed class SoftMapsContent : IExportContent
{
    private const int Ahead = 8;

    private readonly RunFolder _run;
    private readonly ExportedImages _images;
    private readonly ExportCard _card;

    private SoftMapsContent(RunFolder run, ExportedImages images, ExportCard card) => (_run, _images, _card) = (run, images, card);

    public string Description => $"{_card.Content}: {_images.Description}";

    /// <exception cref="InvalidRunException">The run has no soft maps, or files are missing.</exception>
    public static SoftMapsContent Find(RunFolder run, RunSpec spec, ExportRequest request, Func<string, IImageDataset> open,
        IReadOnlyList<RunEvaluated> evaluations)
    {
        var images = ExportedImages.Find(run, spec, ArtifactKind.SoftMaps, request.Split, open, id => SoftCamFile.PathOf(run.Cams, id))
            ?? throw new InvalidRunException("format", $"format: the run {run.Id} leaves no soft maps{LabelSource.Has(spec)}.");
        return new(run, images, ExportCard.Of(spec, images.Dataset, "soft maps", images.Counts, evaluations));
    }

    public void Write(IExportFiles files, IProgress<WorkProgress>? progress, CancellationToken stop)
    {
        files.Add(ExportCard.FileName, isPacked: false, file => file.Write(_card.ToJson()));
        foreach (var (split, samples) in _images.Splits)
            files.Add($"{split}.txt", isPacked: false,
                file => file.Write(Encoding.UTF8.GetBytes(string.Concat(samples.Select(sample => $"{sample.Id}\n")))));
        var done = 0;
        foreach (
            var (sample, cam) in Prefetch.Ordered(_images.Samples, sample => (sample, SoftCamFile.Read(SoftCamFile.PathOf(_run.Cams, sample.Id))),
                Ahead))
        {
            stop.ThrowIfCancellationRequested();
            files.Add($"{sample.Id}.npy", isPacked: false, file => CamDictionary.Write(file, cam));
            progress?.Report(new("soft maps", ++done, _images.Samples.Count));
        }
    }
}
