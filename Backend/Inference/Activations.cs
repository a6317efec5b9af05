using Dashboard.Backend.Images.Decoding;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Inference;

/// <summary>The class activation maps of one image, from the network that a CAM or CLIMS run has trained.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Image">A file of any format that is read; one of at most <see cref="SegmentRequest.Limits"/>.</param>
/// <param name="ImageName">For messages.</param>
/// <param name="Names">Of the data set that the run was trained on, by class.</param>
/// <param name="Classes">0-based, those whose maps are wanted: at training time, an image's tags. Null: those that the network finds in it.</param>
public sealed record ActivationsRequest(
    string Run, byte[] Image, string ImageName, ImageOrientation Orientation, IReadOnlyList<string> Names, IReadOnlyList<int>? Classes)
    : InferenceRequest<ActivationsReport>;

/// <summary>What a network for class activation maps sees in an image. Byte arrays are base64 in JSON.</summary>
/// <param name="Width">Of the image and of its maps, in pixels; so is <paramref name="Height"/>.</param>
/// <param name="Names">By class, without a background.</param>
/// <param name="Scores">
/// How strongly the image speaks for each class, 0..1: the classifier's probability; of CLIMS, the peak of the class's map.
/// </param>
/// <param name="Classes">0-based, those that have a map.</param>
/// <param name="Maps">As a run's <c>cams</c> files, half precision: each map divided by its own maximum.</param>
/// <param name="Preview">The image, at most 1600 pixels a side: JPEG.</param>
/// <param name="PreparationSeconds">Decoding, and loading the network where it was not kept.</param>
/// <param name="Seconds">Scores and maps.</param>
public sealed record ActivationsReport(
    string Run, int Width, int Height, IReadOnlyList<string> Names, IReadOnlyList<float> Scores, IReadOnlyList<int> Classes, byte[] Maps,
    byte[] Preview, double PreparationSeconds, double Seconds)
{
    /// <summary>Of the names, by class: those that the classes have everywhere.</summary>
    public IReadOnlyList<string> Colours => [.. Names.Select(ClassColours.Css)];
}
