namespace Dashboard.Backend.Datasets;

/// <summary>x = (value / 255 - mean) / deviation, per channel. Looked up: a pixel has 256 values.</summary>
public sealed class Normalisation
{
    private readonly float[][] _levels;

    /// <param name="mean">Per channel, of values in 0..1.</param>
    /// <param name="deviation">Per channel.</param>
    public Normalisation(IReadOnlyList<double> mean, IReadOnlyList<double> deviation) =>
        // In double, then rounded once, as numpy does.
        _levels = [.. mean.Zip(deviation, (m, d) => Enumerable.Range(0, 256).Select(value => (float)((value / 255.0 - m) / d)).ToArray())];

    /// <summary>torchvision's ImageNet statistics.</summary>
    public static Normalisation ImageNet { get; } = new([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <summary>The normalised value of each of the 256 levels of a channel.</summary>
    public ReadOnlySpan<float> Levels(int channel) => _levels[channel];
}
