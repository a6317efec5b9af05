using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Refinement;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>
/// Training crops of AffinityNet (VOC12AffDataset of voc12/data.py): random crop and flip of the image, and of the scores that make its labels at an
/// eighth of the crop. What lies beyond the image is 0.
/// </summary>
internal sealed class PsaExampleMaker(PsaOptions options, PixelInput input, Func<Sample, AlphaScores> scores)
    : ExampleMaker((3, options.CropSize, options.CropSize))
{
    public override int LabelLength { get; } = options.CropSize / AffinityNet.Stride * (options.CropSize / AffinityNet.Stride);

    public override void Make(Sample sample, DecodedCache cache, RandomStream random, Batch batch, int index)
    {
        var image = cache.Image(sample);
        var alphas = scores(sample);
        if (options.Scale != 1)
            (image, alphas) = (ImageTransforms.Rescale(image, options.Scale), Rescale(alphas, image.Size.Scaled(options.Scale)));
        var box = CropBox.Place(image.Size, options.CropSize, free => random.Integer(0, free));
        var flip = random.Chance(options.FlipProbability);

        Crop(image, box, flip, Slot(batch.Images, index, ImageLength));
        var labels = PsaLabels.Of(alphas.Low, alphas.High, alphas.Maps, alphas.Size, box);
        var target = Slot(batch.LabelMaps, index, LabelLength);
        for (var y = 0; y < labels.Height; y++)
            for (var x = 0; x < labels.Width; x++)
                target[y * labels.Width + x] = labels[flip ? labels.Width - 1 - x : x, y];
    }

    private void Crop(ImageBuffer image, CropBox box, bool flip, Span<float> planes)
    {
        var rgb = image.ToRgb().Pixels;
        planes.Clear();
        for (var plane = 0; plane < 3; plane++)
            for (var y = 0; y < box.Height; y++)
                for (var x = 0; x < box.Width; x++)
                {
                    var level = rgb[3 * ((box.ImageTop + y) * image.Width + box.ImageLeft + x) + input.ChannelOf(plane)];
                    var column = flip ? box.Side - 1 - box.Left - x : box.Left + x;
                    planes[(plane * box.Side + box.Top + y) * box.Side + column] = input.Value(plane, level);
                }
    }

    private static AlphaScores Rescale(AlphaScores scores, ImageSize size)
    {
        using var scope = NewDisposeScope();
        return new(scores.Maps, size, Resize(scores.Low), Resize(scores.High));

        float[] Resize(float[] maps) => functional.interpolate(
            tensor(maps, new long[] { 1, scores.Maps, scores.Size.Height, scores.Size.Width }), size: [size.Height, size.Width],
            mode: InterpolationMode.Bilinear, align_corners: false)
            .ToValues<float>();
    }
}
