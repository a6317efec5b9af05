using Dashboard.Backend.Images.Decoding;
using Dashboard.Domain.Datasets;

namespace Dashboard.Backend.Inference;

/// <summary>The mask of one image from the segmentation network that a run has trained.</summary>
/// <param name="Run">Its folder.</param>
/// <param name="Image">A file of any format that is read; one of at most <see cref="SegmentRequest.Limits"/>.</param>
/// <param name="ImageName">For messages.</param>
/// <param name="Flip">Whether the mirrored image is looked at, too; null: as the run was told.</param>
/// <param name="Crf">Whether a dense CRF sharpens the mask; null: as the run was told.</param>
public sealed record PredictRequest(string Run, byte[] Image, string ImageName, ImageOrientation Orientation, bool? Flip, bool? Crf)
    : InferenceRequest<PredictReport>;

/// <summary>What a trained network makes of an image. Byte arrays are base64 in JSON.</summary>
/// <param name="Epoch">After which the network stood.</param>
/// <param name="Width">Of the image and of its mask, in pixels; so is <paramref name="Height"/>.</param>
/// <param name="Names">By label, the background's first.</param>
/// <param name="Shares">Of the image's pixels, 0..1, by label.</param>
/// <param name="Labels">Indexed PNG with VOC's palette.</param>
/// <param name="Preview">The image, at most 1600 pixels a side: JPEG.</param>
/// <param name="PreparationSeconds">Decoding, and loading the network where it was not kept.</param>
/// <param name="Seconds">The prediction and its CRF.</param>
public sealed record PredictReport(
    string Run, int Epoch, int Width, int Height, IReadOnlyList<string> Names, IReadOnlyList<double> Shares, bool Flip, bool Crf, byte[] Labels,
    byte[] Preview,
    double PreparationSeconds, double Seconds)
{
    /// <summary>Of the names, by label: those that the classes have everywhere.</summary>
    public IReadOnlyList<string> Colours => [.. Names.Select(ClassColours.Css)];
}
