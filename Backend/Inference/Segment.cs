using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.TextImage;

namespace Dashboard.Backend.Inference;

/// <summary>Zero-shot masks of one image, with everything that is needed to move the threshold without asking again.</summary>
/// <param name="Image">A file of any format that is read; one of at most <see cref="Limits"/>.</param>
/// <param name="ImageName">For messages.</param>
/// <param name="Orientation">Upright for people's photographs; for a data set's images, as its ground truth fits.</param>
/// <param name="Classes">Names without the background's: class k gets label k+1.</param>
/// <param name="Options">The model, the sentences and all that follows.</param>
public sealed record SegmentRequest(byte[] Image, string ImageName, ImageOrientation Orientation, IReadOnlyList<string> Classes,
    ZeroShotOptions Options) : InferenceRequest<SegmentReport>
{
    /// <summary>50 megapixels are a large camera's, and 150 MB decoded.</summary>
    public static ImageLimits Limits { get; } = new(MaxPixels: 50_000_000, MaxFileBytes: 32L << 20);
}

/// <summary>What a text-supervised model makes of an image. Byte arrays are base64 in JSON.</summary>
/// <param name="Width">Of the image itself, in pixels; so is <paramref name="Height"/>.</param>
/// <param name="SeenWidth">Of the image as the model saw it, and of the maps and masks; so is <paramref name="SeenHeight"/>.</param>
/// <param name="GridWidth">Patches in a row.</param>
/// <param name="Names">One a row; the background's first where it competes.</param>
/// <param name="Scores">a_c, the cosine of the image and each class, one a row.</param>
/// <param name="Similarities">Cosines of every class and patch, <c>[rows, GridHeight, GridWidth]</c>, single precision, little-endian.</param>
/// <param name="Candidates">The classes that a lower threshold may let in, too; in the selection's order.</param>
/// <param name="Labels">The composition at the image's own size: indexed PNG with VOC's palette.</param>
/// <param name="Preview">The image, at most 1600 pixels a side: JPEG.</param>
/// <param name="LeftOut">Words with which some templates were too long for the model.</param>
/// <param name="Unknown">Words of the names that the model has hardly learnt, as far as its vocabulary tells: their scores say little.</param>
/// <param name="PreparationSeconds">Decoding, and loading the model and reading the names where they were not kept.</param>
/// <param name="Seconds">The image's features, the masks and their CRF.</param>
public sealed record SegmentReport(
    string Model,
    int Width,
    int Height,
    int SeenWidth,
    int SeenHeight,
    int GridWidth,
    int GridHeight,
    IReadOnlyList<string> Names,
    bool HasBackground,
    IReadOnlyList<float> Scores,
    ClassSelection Selection,
    byte[] Similarities,
    IReadOnlyList<SegmentCandidate> Candidates,
    byte[] Labels,
    byte[] Preview,
    IReadOnlyList<LeftOutTemplates> LeftOut,
    IReadOnlyList<string> Unknown,
    double PreparationSeconds,
    double Seconds)
{
    /// <summary>Of the names, one a row: those that the classes have everywhere.</summary>
    public IReadOnlyList<string> Colours => [.. Names.Select(ClassColours.Css)];
}

/// <param name="Row">Of the names.</param>
/// <param name="Label">k+1 for class k.</param>
/// <param name="Map">The similarity brought to 0..255, <c>[SeenHeight, SeenWidth]</c>.</param>
/// <param name="Mask">1 where the class is, otherwise 0, <c>[SeenHeight, SeenWidth]</c>.</param>
public sealed record SegmentCandidate(int Row, int Label, byte[] Map, byte[] Mask);
