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
/// DeepLab's training augmentation of image and labels together (deeplab-pytorch's libs/datasets/base.py): scale, crop, mirror. What lies beyond the image, at the right and
/// the bottom, is the mean colour, and <see cref="LabelMap.Ignore"/> in the labels.
/// </summary>
/// <param name="input">What the network takes of a pixel.</param>
/// <param name="cropSize">Side of the square crop, in pixels.</param>
/// <param name="scales">One of which is picked: 0.5 to 1.5 by quarters from COCO's weights, to 2 from ImageNet's.</param>
public sealed class DeeplabAugmentation(PixelInput input, int cropSize, IReadOnlyList<double> scales, double flipProbability = 0.5)
{
    public DeeplabCrop Draw(ImageSize image, RandomStream random)
    {
        var scale = random.Pick(scales);
        var scaled = Scaled(image, scale);
        var top = random.Integer(0, Math.Max(0, scaled.Height - cropSize));
        return new(scale, random.Integer(0, Math.Max(0, scaled.Width - cropSize)), top, random.Chance(flipProbability));
    }

    /// <param name="planes"><c>[3, cropSize, cropSize]</c>.</param>
    /// <param name="target">Labels <c>[cropSize, cropSize]</c>.</param>
    /// <exception cref="ArgumentException">Image and labels differ in size.</exception>
    public void Apply(ImageBuffer image, LabelMap labels, DeeplabCrop crop, Span<float> planes, Span<byte> target)
    {
        if ((image.Width, image.Height) != (labels.Width, labels.Height))
            throw new ArgumentException($"The labels are {labels.Width}x{labels.Height}, the image is {image.Width}x{image.Height}.", nameof(labels));
        var size = Scaled(image.Size, crop.Scale);
        var (columns, rows) = (new LinearPositions(image.Width, size.Width), new LinearPositions(image.Height, size.Height));
        var (nearX, nearY) = (Resampling.NearestPositions(image.Width, size.Width), Resampling.NearestPositions(image.Height, size.Height));
        var rgb = image.ToRgb().Pixels;
        planes.Clear();
        target.Fill(LabelMap.Ignore);
        for (var y = 0; y < Math.Min(cropSize, size.Height - crop.Top); y++)
            for (var x = 0; x < Math.Min(cropSize, size.Width - crop.Left); x++)
            {
                var (column, row, at) = (columns[crop.Left + x], rows[crop.Top + y], y * cropSize + (crop.Flip ? cropSize - 1 - x : x));
                for (var plane = 0; plane < 3; plane++)
                {
                    var c = input.ChannelOf(plane);
                    var above = Between(rgb[Pixel(column.From, row.From) + c], rgb[Pixel(column.To, row.From) + c], column.Weight);
                    var below = Between(rgb[Pixel(column.From, row.To) + c], rgb[Pixel(column.To, row.To) + c], column.Weight);
                    planes[plane * cropSize * cropSize + at] = input.Value(plane, Between(above, below, row.Weight));
                }
                target[at] = labels[nearX[crop.Left + x], nearY[crop.Top + y]];
            }

        int Pixel(int x, int y) => 3 * (y * image.Width + x);
    }

    private static float Between(float from, float to, float weight) => from * (1 - weight) + to * weight;

    private static ImageSize Scaled(ImageSize image, double scale) => new(Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));

    /// <summary>OpenCV's <c>INTER_LINEAR</c>: centres of pixels on centres, no filter when made smaller.</summary>
    private sealed class LinearPositions(int input, int output)
    {
        public (int From, int To, float Weight) this[int i]
        {
            get
            {
                var at = Math.Clamp((i + 0.5) * input / output - 0.5, 0, input - 1);
                var from = (int)at;
                return (from, Math.Min(from + 1, input - 1), (float)(at - from));
            }
        }
    }
}
