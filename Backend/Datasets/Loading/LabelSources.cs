using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Loading;

/// <summary>Where the label maps come from that a network is trained on. Called from several threads.</summary>
/// <param name="Labels">
/// The label map of an image, of the image's size; a <see cref="DatasetException"/> names the file that is missing or wrong.
/// </param>
public sealed record LabelSources(Func<Sample, LabelMap> Labels)
{
    /// <summary>The saliency of an image, one channel of the image's size; null where none is asked for.</summary>
    public Func<Sample, ImageBuffer>? Saliency { get; init; }
}
