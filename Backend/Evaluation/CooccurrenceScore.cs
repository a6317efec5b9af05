using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>
/// Where seeds spill and what they miss: <see cref="CooccurrenceMeasures"/> of a data set that knows the stuff behind and the parts of its objects,
/// as the built-in one does.
/// </summary>
public static class CooccurrenceScore
{
    /// <summary>Reads and counts the images in parallel.</summary>
    /// <param name="root">
    /// The data set's folder, with <c>Stuff/ID.png</c> (k+1 where the stuff of class k is visible) and <c>Parts/ID.png</c> (not 0 on discriminative
    /// parts).
    /// </param>
    /// <param name="maps">Gives an image's soft maps.</param>
    /// <returns>Each 0..1, without those that have nothing to be a share of; null where the data set has no such folders.</returns>
    /// <exception cref="ImageException">A label map is missing or damaged: names the file.</exception>
    public static IReadOnlyDictionary<string, double>? Of(string root, IReadOnlyList<ScoredImage> images, Func<ScoredImage, SoftCam> maps,
        double threshold, CancellationToken stop = default)
    {
        var (stuff, parts) = (Path.Combine(root, CooccurrenceWorld.Stuff), Path.Combine(root, CooccurrenceWorld.Parts));
        if (!Directory.Exists(stuff) || !Directory.Exists(parts))
            return null;
        var total = new CooccurrenceCounts();
        Parallel.ForEach(
            images,
            new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => new CooccurrenceCounts(),
            (image, _, counts) =>
            {
                var cam = maps(image);
                var predicted = SeedLabels.FromCam(cam.Maps, cam.Classes, cam.Width, cam.Height, threshold);
                counts.Add(predicted, image.Truth(), ImageFile.ReadLabels(Path.Combine(stuff, image.Id + ".png")),
                    ImageFile.ReadLabels(Path.Combine(parts, image.Id + ".png")), image.Tags);
                return counts;
            },
            counts =>
            {
                lock (total)
                    total.Add(counts);
            });
        return total.Shares();
    }
}

/// <summary>Pixels counted over any number of images.</summary>
internal sealed class CooccurrenceCounts
{
    private Share _falseActivation, _bodyRecall, _partRecall, _precision;

    /// <param name="stuff">k+1 where the stuff of class k is visible.</param>
    /// <param name="parts">Not 0 on the objects' discriminative parts.</param>
    /// <param name="tags">Present classes, 0-based.</param>
    /// <exception cref="ArgumentException">The maps are not of one size.</exception>
    public void Add(LabelMap predicted, LabelMap truth, LabelMap stuff, LabelMap parts, IReadOnlyList<int> tags)
    {
        if (new[] { predicted, stuff, parts }.Any(map => (map.Width, map.Height) != (truth.Width, truth.Height)))
            throw new ArgumentException($"Prediction, stuff and parts must be as large as the ground truth, {truth.Width}x{truth.Height}.");
        var own = new bool[byte.MaxValue + 1];
        foreach (var tag in tags)
            own[tag + 1] = true;
        for (var pixel = 0; pixel < truth.Labels.Length; pixel++)
        {
            var (label, found) = (truth.Labels[pixel], predicted.Labels[pixel]);
            if (label == LabelMap.Ignore)
                continue;
            var (isObject, isRight) = (label != LabelMap.Background, label == found);
            if (own[stuff.Labels[pixel]])
                _falseActivation.Count(found != LabelMap.Background);
            if (isObject && parts.Labels[pixel] == 0)
                _bodyRecall.Count(isRight);
            if (isObject && parts.Labels[pixel] != 0)
                _partRecall.Count(isRight);
            if (found != LabelMap.Background)
                _precision.Count(isObject && isRight);
        }
    }

    public void Add(CooccurrenceCounts other)
    {
        _falseActivation.Add(other._falseActivation);
        _bodyRecall.Add(other._bodyRecall);
        _partRecall.Add(other._partRecall);
        _precision.Add(other._precision);
    }

    /// <summary>By the names of <see cref="CooccurrenceMeasures"/>.</summary>
    public IReadOnlyDictionary<string, double> Shares()
    {
        (string Name, Share Share)[] shares =
        [
            (CooccurrenceMeasures.FalseActivation, _falseActivation),
            (CooccurrenceMeasures.BodyRecall, _bodyRecall),
            (CooccurrenceMeasures.PartRecall, _partRecall),
            (CooccurrenceMeasures.Precision, _precision),
        ];
        return shares.Where(share => share.Share.Of > 0).ToDictionary(share => share.Name, share => share.Share.Value);
    }

    private struct Share
    {
        private long _hits;

        public long Of { get; private set; }

        public readonly double Value => (double)_hits / Of;

        public void Count(bool isHit)
        {
            Of++;
            if (isHit)
                _hits++;
        }

        public void Add(Share other) => (_hits, Of) = (_hits + other._hits, Of + other.Of);
    }
}
