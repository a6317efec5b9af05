using System.Globalization;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Labels;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Exchange;

/// <summary>The label maps of a run: those that it has, or its soft maps at a threshold.</summary>
internal sealed class LabelSource
{
    private const int Ahead = 16;

    private readonly RunFolder _run;
    private readonly double? _threshold;

    private LabelSource(RunFolder run, ExportedImages images, double? threshold, ExportCard card) => (_run, Images, _threshold, Card) =
        (run, images, threshold, card);

    public ExportedImages Images { get; }

    public ExportCard Card { get; }

    /// <exception cref="InvalidRunException">The run has neither, or files are missing.</exception>
    public static LabelSource Find(RunFolder run, RunSpec spec, ExportRequest request, Func<string, IImageDataset> open,
        IReadOnlyList<RunEvaluated> evaluations)
    {
        if (request.Threshold is null
            && ExportedImages.Find(run, spec, ArtifactKind.LabelMaps, request.Split, open, id => MaskPath(run, id)) is { } labelled)
            return new(run, labelled, null, ExportCard.Of(spec, labelled.Dataset, "label maps", labelled.Counts, evaluations));
        var soft = ExportedImages.Find(run, spec, ArtifactKind.SoftMaps, request.Split, open, id => SoftCamFile.PathOf(run.Cams, id))
            ?? throw new InvalidRunException("format",
                $"format: the run {run.Id} leaves no {(request.Threshold is null ? "label maps or " : "")}soft maps{Has(spec)}.");
        var threshold = request.Threshold ?? evaluations.FirstOrDefault(evaluation =>
            !evaluation.Reference && evaluation.Protocol.Threshold is not null)?.Protocol.Threshold
            ?? throw new InvalidRunException("threshold",
                $"threshold: the run {run.Id} has soft maps, and no score tells at which threshold they become labels. Give one between 0 and 1.");
        return new(run, soft, threshold,
            ExportCard.Of(spec, soft.Dataset, string.Create(CultureInfo.InvariantCulture, $"label maps of soft maps at the threshold {threshold}"),
            soft.Counts, evaluations));
    }

    /// <summary>In the order of the splits.</summary>
    /// <exception cref="ImageException">A label map is damaged: names it.</exception>
    /// <exception cref="InvalidDataException">Soft maps are damaged: names them.</exception>
    public IEnumerable<(Sample Sample, LabelMap Labels)> Read(CancellationToken stop)
    {
        foreach (var item in Prefetch.Ordered(Images.Samples, sample => (sample, Of(sample)), Ahead))
        {
            stop.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    /// <summary>What a run of which something else was wanted does have, as the end of a sentence.</summary>
    internal static string Has(RunSpec spec) => Artifact.Of(spec) is { Count: > 0 } artifacts ? $": it leaves {string.Join(", ", artifacts)}" : "";

    private LabelMap Of(Sample sample)
    {
        if (_threshold is not { } threshold)
            return ImageFile.ReadLabels(MaskPath(_run, sample.Id), LabelCoding.Voc);
        var maps = SoftCamFile.Read(SoftCamFile.PathOf(_run.Cams, sample.Id));
        return SeedLabels.FromCam(maps.Maps, maps.Classes, maps.Width, maps.Height, threshold);
    }

    private static string MaskPath(RunFolder run, string id) => Path.Combine(run.Masks, id + ".png");
}
