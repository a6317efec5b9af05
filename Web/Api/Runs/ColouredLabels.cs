using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Pictures;
using Dashboard.Domain.Datasets;

namespace Dashboard.Web.Api.Runs;

/// <summary>Label maps as people look at them: in the colours that classes have on the pages. Files and exports keep VOC's.</summary>
internal static class ColouredLabels
{
    /// <summary>Of classes that lie over their image.</summary>
    private const byte Alpha = 165;

    /// <param name="labelNames">By label, background first; where none are known, the colours stay as they are in the file.</param>
    /// <returns>A PNG with the same labels.</returns>
    /// <exception cref="ImageException">The file is no label map.</exception>
    public static byte[] Of(string path, IReadOnlyList<string> labelNames)
    {
        if (labelNames.Count == 0)
            return File.ReadAllBytes(path);
        using var memory = ImageMemory.Shared.Open();
        return ImageFile.EncodeLabels(ImageFile.ReadLabels(path), ClassColours.Palette(labelNames), compression: 1);
    }

    /// <returns>A PNG to be laid over the image: the background lets everything through, the classes a little.</returns>
    /// <exception cref="ImageException">The file is no label map.</exception>
    public static byte[] Over(string path, IReadOnlyList<string> labelNames)
    {
        using var memory = ImageMemory.Shared.Open();
        return ImageFile.EncodePng(LabelPicture.Of(ImageFile.ReadLabels(path), labelNames, Alpha), compression: 1);
    }
}
