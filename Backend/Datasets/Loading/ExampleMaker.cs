using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Loading;

/// <summary>Decodes and augments one image of a batch, with its label map and its saliency where these are asked for.</summary>
internal abstract class ExampleMaker((int Channels, int Height, int Width) shape)
{
    /// <summary>Values of one image.</summary>
    public int ImageLength { get; } = shape.Channels * shape.Height * shape.Width;

    /// <summary>Labels of one image: 0 where there are none.</summary>
    public virtual int LabelLength => 0;

    /// <summary>Values of one saliency map: 0 where there are none.</summary>
    public virtual int SaliencyLength => 0;

    /// <summary>Called from several threads.</summary>
    /// <exception cref="ImageException">The image cannot be read.</exception>
    /// <exception cref="DatasetException">Its label map or saliency cannot be used.</exception>
    public abstract void Make(Sample sample, DecodedCache cache, RandomStream random, Batch batch, int index);

    protected static Span<T> Slot<T>(T[] values, int index, int length) => values.AsSpan(index * length, length);
}

/// <summary>Images alone.</summary>
/// <param name="reduced">JPEGs are decoded as small as the augmentation lets them be.</param>
internal sealed class ImageMaker(IAugmentation augmentation, bool reduced) : ExampleMaker(augmentation.Shape)
{
    private readonly Func<ImageSize, int>? _reduction = reduced ? image => Reduction(augmentation.Surplus(image)) : null;

    public override void Make(Sample sample, DecodedCache cache, RandomStream random, Batch batch, int index) =>
        augmentation.Apply(cache.Image(sample, _reduction), random, Slot(batch.Images, index, ImageLength));

    private static int Reduction(double surplus) => surplus switch
    {
        >= 8 => 8,
        >= 4 => 4,
        >= 2 => 2,
        _ => 1,
    };
}

/// <summary>Images with label maps.</summary>
internal sealed class LabelledMaker(ILabelledAugmentation augmentation, LabelSources sources) : ExampleMaker(augmentation.Shape)
{
    public override int LabelLength { get; } = augmentation.Shape.Height * augmentation.Shape.Width;

    public override int SaliencyLength => sources.Saliency is null ? 0 : LabelLength;

    public override void Make(Sample sample, DecodedCache cache, RandomStream random, Batch batch, int index)
    {
        var image = cache.Image(sample);
        var labels = cache.Get(sample, "labels", () => sources.Labels(sample), map => map.Labels.LongLength);
        var saliency = sources.Saliency is { } read ? cache.Get(sample, "saliency", () => read(sample), map => map.Pixels.LongLength) : null;
        RequireSize(sample, image.Size, "label map", new(labels.Width, labels.Height));
        if (saliency is not null)
            RequireSize(sample, image.Size, "saliency map", saliency.Size);
        augmentation.Apply(
            new(image, labels, saliency), random,
            new(Slot(batch.Images, index, ImageLength), Slot(batch.LabelMaps, index, LabelLength), Slot(batch.Saliency, index, SaliencyLength)));
    }

    private static void RequireSize(Sample sample, ImageSize image, string what, ImageSize found)
    {
        if (found != image)
            throw new DatasetException(
                $"The {what} of {sample.Id} has {found.Width}x{found.Height} pixels, its image {sample.ImagePath} {image.Width}x{image.Height}. "
                + "They must be of one size.");
    }
}
