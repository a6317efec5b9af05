using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets;

/// <summary>Reads an image of a data set and its mask.</summary>
public static class SampleImage
{
    /// <summary>The ground truth: 0 background, k+1, 255 ignore.</summary>
    /// <exception cref="ImageException">There is none, or it is missing or damaged: names the file.</exception>
    public static LabelMap ReadTruth(this Sample sample) =>
        sample.Drawn is { } drawn ? drawn.Draw() : ImageFile.ReadLabels(sample.MaskPath ?? throw new ImageException($"{sample.Id} has no ground truth."));
}
