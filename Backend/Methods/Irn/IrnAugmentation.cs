using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>
/// IRN's augmentation of an image and its IR label (VOC12SegmentationDataset of voc12/dataloader.py), in that order: random scale, bicubic for the
/// image and nearest for the label; flip; random crop, in which what lies beyond the image is the mean colour and <see cref="LabelMap.Ignore"/>.
/// </summary>
/// <param name="cropSize">Side of the square crop, in pixels.</param>
/// <param name="scaleMin">Both sides are scaled by a uniform factor from here ...</param>
/// <param name="scaleMax">... to here.</param>
public sealed class IrnAugmentation(Normalisation normalisation, int cropSize, double scaleMin, double scaleMax, double flipProbability = 0.5)
    : ILabelledAugmentation
{
    public (int Channels, int Height, int Width) Shape => (3, cropSize, cropSize);

    public void Apply(LabelledImage source, RandomStream random, LabelledExample target)
    {
        if ((source.Image.Width, source.Image.Height) != (source.Labels.Width, source.Labels.Height))
            throw new ArgumentException(
                $"The labels are {source.Labels.Width}x{source.Labels.Height}, the image is {source.Image.Width}x{source.Image.Height}.",
                nameof(source));
        var scale = scaleMin + random.Uniform() * (scaleMax - scaleMin);
        var image = ImageTransforms.Rescale(source.Image, scale);
        var labels = ImageTransforms.Rescale(new ImageBuffer(source.Labels.Width, source.Labels.Height, 1, source.Labels.Labels), scale,
            ResampleFilter.Nearest);

        var flip = random.Chance(flipProbability);
        if (flip)
            labels = ImageTransforms.FlipHorizontal(labels);

        // Placed on what is mirrored already.
        var box = CropBox.Place(image.Size, cropSize, free => random.Integer(0, free));
        normalisation.CropToPlanes(image, box, target.Image, flip);
        box.Cut<byte>(labels.Pixels, labels.Size, channels: 1, LabelMap.Ignore).CopyTo(target.Labels);
    }
}
