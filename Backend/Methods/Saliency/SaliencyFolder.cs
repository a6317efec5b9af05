using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Folders;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Methods.Saliency;

/// <summary>Saliency maps from elsewhere: one gray image for each image of the data set, of its size.</summary>
/// <param name="inverted">They are dark where something is salient.</param>
internal sealed class SaliencyFolder(string folder, bool inverted)
{
    /// <summary>How far the channels of a gray image may lie apart: a JPEG file rounds its colours.</summary>
    private const int GrayTolerance = 12;

    private readonly FileIndex _files = FileIndex.OfMasks(folder);

    /// <summary>Images of which there is no map.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<Sample> samples) =>
        [.. samples.Where(sample => _files.Find(sample.Id) is null).Select(sample => sample.Id)];

    /// <returns>The map; or what is wrong with the file, in a sentence that names it.</returns>
    public (ImageBuffer? Map, string? Fault) Read(Sample sample)
    {
        var path = _files.Find(sample.Id)!;
        try
        {
            var (image, size) = (ImageFile.Read(path), sample.ReadSize());
            if (image.Size != size)
                return (null, $"{path} is {image.Width}x{image.Height} pixels, but its image is {size.Width}x{size.Height}.");
            return Gray(image) is { } gray ? (gray, null) : (null, $"{path} is coloured, but a saliency map is gray.");
        }
        catch (ImageException error)
        {
            return (null, error.Message);
        }
    }

    private ImageBuffer? Gray(ImageBuffer image)
    {
        var gray = new byte[image.Width * image.Height];
        for (var i = 0; i < gray.Length; i++)
        {
            var pixel = image.Pixels.AsSpan(i * image.Channels, image.Channels > 2 ? 3 : 1);
            var (lowest, highest) = (pixel[0], pixel[0]);
            foreach (var channel in pixel)
                (lowest, highest) = (Math.Min(lowest, channel), Math.Max(highest, channel));
            if (highest - lowest > GrayTolerance)
                return null;
            var level = pixel[^1] == pixel[0] ? pixel[0] : (byte)((lowest + highest + 1) / 2);
            gray[i] = inverted ? (byte)(255 - level) : level;
        }
        return new(image.Width, image.Height, 1, gray);
    }
}
