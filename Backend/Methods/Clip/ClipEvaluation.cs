using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Clip;

/// <summary>
/// How well a CLIP or a SimSeg names the objects of a data set with image tags: on images of one class, and on those of them whose object stands on
/// the stuff of another class (decorrelated), where a model that has learnt the stuff instead of the object fails.
/// </summary>
/// <param name="samples">Those with one tag are used.</param>
/// <param name="side">Of the squares that images are resized to, in pixels.</param>
/// <param name="prompt">{} stands for the class.</param>
internal sealed class ClipEvaluation(
    IImageDataset dataset, IReadOnlyList<Sample> samples, int side, string prompt, Normalisation normalisation, Device device)
{
    private const int ImagesAtOnce = 64;

    private readonly IReadOnlyList<Sample> _samples = [.. samples.Where(sample => sample.Tags.Count == 1)];

    /// <summary>In forward passes of one image: the whole, the object alone, and the rest.</summary>
    public double Work => 3.0 * _samples.Count;

    /// <param name="network">In evaluation mode.</param>
    /// <param name="classes">As <see cref="ClassFeatures"/> gives them.</param>
    public ClipScores Score(ITextImageNetwork network, Tensor classes)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var views = Prefetch.Ordered(_samples, Read, ImagesAtOnce);
        return ClipScores.Of([.. views.Chunk(ImagesAtOnce).SelectMany(chunk => Judge(network, classes, chunk))]);
    }

    /// <returns><c>[K, D]</c>, of length one.</returns>
    public Tensor ClassFeatures(ITextImageNetwork network) =>
        network.Texts(network.Tokenize(dataset.Classes.Names.Select(name => prompt.Replace("{}", name))).to(device));

    private IReadOnlyList<JudgedImage> Judge(ITextImageNetwork network, Tensor classes, EvaluatedImage[] images)
    {
        using var scope = NewDisposeScope();
        var pixels = stack([.. images.Select(image => tensor(image.Planes, [3, side, side]))]).to(device);
        var whole = Cosines(network, classes, pixels);
        var top = whole.argmax(1).cpu().data<long>().ToArray();
        var own = tensor(images.Select(image => (long)image.Class).ToArray(), [images.Length, 1], device: device);
        var objects = OwnCosines(image => image.Object);
        var backgrounds = OwnCosines(image => image.Background);
        return [.. images.Select((image, i) => new JudgedImage(top[i] == image.Class, image.IsDecorrelated, objects?[i], backgrounds?[i]))];

        // Of what a mask shows, the rest being the mean colour; null where an image has no ground truth.
        float[]? OwnCosines(Func<EvaluatedImage, float[]?> mask) => images.Any(image => mask(image) is null)
            ? null
            : Cosines(network, classes, pixels * stack([.. images.Select(image => tensor(mask(image)!, [1, side, side]))]).to(device))
                .gather(1, own)
                .cpu()
                .data<float>()
                .ToArray();
    }

    /// <param name="images"><c>[N, 3, side, side]</c></param>
    /// <returns><c>[N, K]</c></returns>
    private static Tensor Cosines(ITextImageNetwork network, Tensor classes, Tensor images) => network.Images(images).matmul(classes.t());

    private EvaluatedImage Read(Sample sample)
    {
        var image = Resampling.Resize(sample.ReadRgb(), side, side, ResampleFilter.Bilinear);
        var stuff = Path.Combine(dataset.Root, CooccurrenceWorld.Stuff, sample.Id + ".png");
        return new(normalisation.ToPlanes(image), sample.Tags[0], sample.MaskPath is null ? null : Labels(sample.ReadTruth()),
            File.Exists(stuff) ? Labels(ImageFile.ReadLabels(stuff)) : null);
    }

    private byte[] Labels(LabelMap map) => Resampling.Resize(new(map.Width, map.Height, 1, map.Labels), side, side, ResampleFilter.Nearest).Pixels;

    /// <param name="Planes"><c>[3, side, side]</c>, normalised.</param>
    /// <param name="Labels">Ground truth; null where there is none.</param>
    /// <param name="Stuff">k+1 where the stuff of class k can be seen; null where the data set does not tell.</param>
    private sealed record EvaluatedImage(float[] Planes, int Class, byte[]? Labels, byte[]? Stuff)
    {
        public bool? IsDecorrelated => Stuff is null ? null : !Stuff.Contains((byte)(Class + 1)) && Stuff.Any(label => label > 0);
        public float[]? Object => Labels is null ? null : Mask(label => label == Class + 1);
        public float[]? Background => Labels is null ? null : Mask(label => label == 0);

        private float[] Mask(Predicate<byte> shows) => [.. Labels!.Select(label => shows(label) ? 1f : 0f)];
    }
}

/// <summary>What a model says of one image.</summary>
/// <param name="IsRight">The class's text is the nearest.</param>
/// <param name="ObjectCosine">Of the class's text and the object alone; null where there is no ground truth.</param>
/// <param name="BackgroundCosine">Of the class's text and the image without the object.</param>
internal sealed record JudgedImage(bool IsRight, bool? IsDecorrelated, float? ObjectCosine, float? BackgroundCosine);

/// <summary>What a model says of all images; null where none tells.</summary>
/// <param name="Images">Of one class.</param>
/// <param name="Top1">Share that is named right, 0..1.</param>
/// <param name="Decorrelated">Images whose object stands on the stuff of another class; null where the data set does not tell.</param>
internal sealed record ClipScores(int Images, double? Top1, int? Decorrelated, double? DecorrelatedTop1, double? ObjectCosine,
    double? BackgroundCosine)
{
    public static ClipScores Of(IReadOnlyList<JudgedImage> images)
    {
        var decorrelated = images.Where(image => image.IsDecorrelated is true).ToList();
        return new(
            images.Count,
            Mean(images, image => image.IsRight ? 1 : 0),
            images.Any(image => image.IsDecorrelated is not null) ? decorrelated.Count : null,
            Mean(decorrelated, image => image.IsRight ? 1 : 0),
            Mean(images, image => image.ObjectCosine),
            Mean(images, image => image.BackgroundCosine));
    }

    private static double? Mean(IReadOnlyList<JudgedImage> images, Func<JudgedImage, double?> value) => images.Average(value);
}
