using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>What is done to one image and its labels.</summary>
/// <param name="Scale">Of both sides.</param>
/// <param name="Left">Of the crop in the scaled image.</param>
/// <param name="Top">Likewise.</param>
/// <param name="Flip">Mirrored left to right after the crop.</param>
public readonly record struct DeeplabCrop(double Scale, int Left, int Top, bool Flip);

/// <summary>
/// DeepLab's training augmentation of image and labels together (deeplab-pytorch's libs/datasets/base.py): scale, crop, mirror. What lies beyond the
/// image, at the right and the bottom, is the mean colour, <see cref="LabelMap.Ignore"/> in the labels, and 0 in the saliency, which is scaled as the
/// image is.
/// </summary>
/// <param name="input">What the network takes of a pixel.</param>
/// <param name="cropSize">Side of the square crop, in pixels.</param>
/// <param name="scales">One of which is picked: 0.5 to 1.5 by quarters from COCO's weights, to 2 from ImageNet's.</param>
public sealed class DeeplabAugmentation(PixelInput input, int cropSize, IReadOnlyList<double> scales, double flipProbability = 0.5)
    : ILabelledAugmentation
{
    public (int Channels, int Height, int Width) Shape => (3, cropSize, cropSize);

    public DeeplabCrop Draw(ImageSize image, RandomStream random)
    {
        var scale = random.Pick(scales);
        var scaled = Scaled(image, scale);
        var top = random.Integer(0, Math.Max(0, scaled.Height - cropSize));
        return new(scale, random.Integer(0, Math.Max(0, scaled.Width - cropSize)), top, random.Chance(flipProbability));
    }

    public void Apply(LabelledImage source, RandomStream random, LabelledExample target) => Apply(source, Draw(source.Image.Size, random), target);

    /// <exception cref="ArgumentException">Image, label map and saliency differ in size.</exception>
    public void Apply(LabelledImage source, DeeplabCrop crop, LabelledExample target)
    {
        var (image, labels, saliency) = (source.Image, source.Labels, source.Saliency);
        RequireSize(image, "labels", labels.Width, labels.Height);
        if (saliency is not null)
            RequireSize(image, "saliency", saliency.Width, saliency.Height);
        var size = Scaled(image.Size, crop.Scale);
        var (height, width) = (Math.Min(cropSize, size.Height - crop.Top), Math.Min(cropSize, size.Width - crop.Left));
        var (columns, rows) =
            (LinearPosition.Of(image.Width, size.Width, crop.Left, width), LinearPosition.Of(image.Height, size.Height, crop.Top, height));
        var (nearX, nearY) = (Resampling.NearestPositions(image.Width, size.Width), Resampling.NearestPositions(image.Height, size.Height));
        var rgb = image.ToRgb().Pixels;
        target.Image.Clear();
        target.Labels.Fill(LabelMap.Ignore);
        target.Saliency.Clear();
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var at = y * cropSize + (crop.Flip ? cropSize - 1 - x : x);
                for (var plane = 0; plane < 3; plane++)
                    target.Image[plane * cropSize * cropSize + at] =
                        input.Value(plane, Level(rgb, 3, input.ChannelOf(plane), image.Width, columns[x], rows[y]));
                target.Labels[at] = labels[nearX[crop.Left + x], nearY[crop.Top + y]];
                if (saliency is not null)
                    target.Saliency[at] = (byte)MathF.Round(Level(saliency.Pixels, saliency.Channels, 0, image.Width, columns[x], rows[y]));
            }
    }

    private static void RequireSize(ImageBuffer image, string what, int width, int height)
    {
        if ((image.Width, image.Height) != (width, height))
            throw new ArgumentException($"The {what} are {width}x{height}, the image is {image.Width}x{image.Height}.");
    }

    /// <summary>Between four pixels.</summary>
    private static float Level(byte[] pixels, int channels, int channel, int stride, LinearPosition column, LinearPosition row)
    {
        var above = Between(pixels[channels * (row.From * stride + column.From) + channel],
            pixels[channels * (row.From * stride + column.To) + channel], column.Weight);
        var below = Between(pixels[channels * (row.To * stride + column.From) + channel], pixels[channels * (row.To * stride + column.To) + channel],
            column.Weight);
        return Between(above, below, row.Weight);
    }

    private static float Between(float from, float to, float weight) => from * (1 - weight) + to * weight;

    private static ImageSize Scaled(ImageSize image, double scale) =>
        new(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));

    /// <summary>OpenCV's <c>INTER_LINEAR</c>: centres of pixels on centres, no filter when made smaller.</summary>
    private readonly record struct LinearPosition(int From, int To, float Weight)
    {
        /// <param name="first">Of the scaled positions; <paramref name="count"/> of them follow each other.</param>
        public static LinearPosition[] Of(int input, int output, int first, int count)
        {
            var positions = new LinearPosition[count];
            for (var i = 0; i < count; i++)
            {
                var at = Math.Clamp((first + i + 0.5) * input / output - 0.5, 0, input - 1);
                positions[i] = new((int)at, Math.Min((int)at + 1, input - 1), (float)(at - (int)at));
            }
            return positions;
        }
    }
}
