using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Evaluation;

/// <summary>Seeds that need no network. They stand on the leaderboard so that a number can be told from a trivial one.</summary>
public static class TrivialSeeds
{
    /// <summary>Every pixel is background.</summary>
    public static SoftCam AllBackground(ScoredImage image, LabelMap truth) => new(truth.Width, truth.Height, [], []);

    /// <summary>
    /// Knows the image tags and where photographers put things: a Gaussian in the middle of the image, of one of its tags, drawn by seed.
    /// The best of six shapes (two heights, three sizes).
    /// </summary>
    public static DatasetScore CentrePrior(IReadOnlyList<ScoredImage> images, int labels, IReadOnlyList<double> thresholds, int seed,
        CancellationToken stop = default)
    {
        var random = new Random(seed);
        var drawn = images.ToDictionary(image => image.Id, image => image.Tags.Count == 0 ? -1 : image.Tags[random.Next(image.Tags.Count)]);
        var shapes =
            from centreY in (double[])[0.5, 0.55]
            from sigma in ((double X, double Y)[])[(0.3, 0.22), (0.36, 0.28), (0.45, 0.35)]
            select (centreY, sigma);
        return shapes
            .Select(shape =>
                DatasetScore.Of(images, (image, truth) => Gaussian(drawn[image.Id], truth, shape.centreY, shape.sigma), labels, thresholds, seed,
                    stop))
            .MaxBy(score => score.Sweep.Max(point => point.Miou))!;
    }

    /// <summary>exp(-((x-0.5)/sigmaX)^2 - ((y-centreY)/sigmaY)^2), x and y in 0..1.</summary>
    private static SoftCam Gaussian(int tag, LabelMap truth, double centreY, (double X, double Y) sigma)
    {
        if (tag < 0)
            return new(truth.Width, truth.Height, [], []);
        static float[] Profile(int length, double centre, double sigma) =>
            [.. Enumerable.Range(0, length).Select(i => (float)Math.Exp(-Math.Pow(((double)i / length - centre) / sigma, 2)))];
        var (horizontal, vertical) = (Profile(truth.Width, 0.5, sigma.X), Profile(truth.Height, centreY, sigma.Y));
        var map = new float[truth.Width * truth.Height];
        for (var pixel = 0; pixel < map.Length; pixel++)
            map[pixel] = vertical[pixel / truth.Width] * horizontal[pixel % truth.Width];
        return new(truth.Width, truth.Height, [tag], map);
    }
}
