using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets;

/// <summary>Turns a decoded image into one training example.</summary>
public interface IAugmentation
{
    /// <summary>Channels, height and width of what <see cref="Apply"/> writes.</summary>
    (int Channels, int Height, int Width) Shape { get; }

    /// <param name="image">RGB; not changed.</param>
    /// <param name="random">The only source of chance: the same stream gives the same result.</param>
    /// <param name="target"><c>[C, H, W]</c>, overwritten.</param>
    void Apply(ImageBuffer image, RandomStream random, Span<float> target);
}

/// <summary>
/// IRN's training augmentation as in the authors' code (misc/imutils.py, voc12/dataloader.py): random resize of the long side, normalisation, horizontal
/// flip, random crop with zero padding, in this order.
/// </summary>
/// <param name="cropSize">Side of the square crop, in pixels.</param>
/// <param name="resizeLongMin">The long side is resized to a uniform integer from here ...</param>
/// <param name="resizeLongMax">... to here, both included.</param>
public sealed class CamAugmentation(int cropSize, int resizeLongMin, int resizeLongMax, double flipProbability = 0.5, Normalisation? normalisation = null) : IAugmentation
{
    private readonly Normalisation _normalisation = normalisation ?? Normalisation.ImageNet;

    public (int Channels, int Height, int Width) Shape => (3, cropSize, cropSize);

    public void Apply(ImageBuffer image, RandomStream random, Span<float> target)
    {
        // 1. Long side to a random length, PIL bicubic.
        var resized = ResizeLong(image, random.Integer(resizeLongMin, resizeLongMax));

        // 2. Normalisation and 3. flip are done while copying in 4.
        var flip = random.Chance(flipProbability);

        // 4. Crop: where the image is larger than the crop, a random window of it; where it is smaller, it lies at a random place in a canvas of zeros,
        // which after normalisation is the mean colour.
        var (canvasLeft, imageLeft) = Place(resized.Width, cropSize, random);
        var (canvasTop, imageTop) = Place(resized.Height, cropSize, random);
        var columns = Math.Min(resized.Width, cropSize);
        var rows = Math.Min(resized.Height, cropSize);
        target.Clear();
        for (var row = 0; row < rows; row++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var levels = _normalisation.Levels(channel);
                var line = target.Slice((channel * cropSize + canvasTop + row) * cropSize + canvasLeft, columns);
                var source = (imageTop + row) * resized.Width;
                for (var column = 0; column < columns; column++)
                {
                    var x = imageLeft + column;
                    if (flip)
                        x = resized.Width - 1 - x;
                    line[column] = levels[resized.Pixels[(source + x) * 3 + channel]];
                }
            }
        }
    }

    /// <summary>Both sides times long / (long side), rounded half to even as numpy does.</summary>
    public static ImageBuffer ResizeLong(ImageBuffer image, int longSide) => Rescale(image, (double)longSide / Math.Max(image.Width, image.Height));

    /// <summary>Both sides times <paramref name="scale"/>, rounded half to even as numpy does, with PIL's bicubic.</summary>
    public static ImageBuffer Rescale(ImageBuffer image, double scale)
    {
        var width = Math.Max(1, (int)Math.Round(image.Width * scale));
        var height = Math.Max(1, (int)Math.Round(image.Height * scale));
        return (width, height) == (image.Width, image.Height) ? image : Resampling.Resize(image, width, height, ResamplingFilter.Bicubic);
    }

    private static (int InCanvas, int InImage) Place(int side, int crop, RandomStream random) =>
        side >= crop ? (0, random.Integer(0, side - crop)) : (random.Integer(0, crop - side), 0);
}
