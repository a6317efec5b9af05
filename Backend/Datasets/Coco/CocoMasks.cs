using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Coco;

/// <summary>
/// Draws the label maps of one annotation file. Where instances overlap the one with the smaller area is on top, as in the label maps that the weakly
/// supervised papers make of COCO (alicranck/coco2voc sorts by area and keeps the first, "so they are not covered by overlapping segs"); of equal
/// ones the first of the file. A crowd's region is ignored wherever no instance of its own is outlined.
/// </summary>
/// <param name="labels">Label by category, as indexed by <see cref="CocoIndex.Categories"/>.</param>
internal sealed class CocoMasks(CocoIndex index, byte[] labels)
{
    /// <summary>Of an annotation that cannot be drawn.</summary>
    public const string Remedy = "Correct or delete it.";

    /// <param name="image">Index into <see cref="CocoIndex.Images"/>.</param>
    /// <param name="path">Where the image lies: gives the size where the annotations do not.</param>
    /// <exception cref="ImageException">An outline is damaged, or the file is not the one that was read: names file and annotation.</exception>
    public LabelMap Draw(int image, string path)
    {
        var (width, height) = SizeOf(index.Images[image], path);
        if ((long)width * height > ImageLimits.Default.MaxPixels)
            throw new ImageException(
                $"{index.File} gives {index.Images[image].Shown} {width}x{height} pixels; the limit is {ImageLimits.Default.MaxPixels / 1e6:0.#} "
                + "megapixels.");
        // A byte and a bit a pixel: the labels, and what is drawn already.
        using var turn = ImageMemory.Shared.Take(path, (long)width * height * 9 / 8);
        var canvas = new InstanceCanvas(width, height);
        foreach (var (place, outline) in Outlines(image, width, height).OrderBy(item => item.Place.IsCrowd).ThenBy(item => item.Place.Area))
            Name(place, () => outline.Fill(canvas, place.IsCrowd ? LabelMap.Ignore : labels[place.Category]));
        return turn.Keep(canvas.Labels, (long)width * height);
    }

    private static (int Width, int Height) SizeOf(CocoImage image, string path)
    {
        if (image is { Width: > 0, Height: > 0 })
            return (image.Width, image.Height);
        var size = ImageFile.ReadSize(path);
        return (size.Width, size.Height);
    }

    /// <summary>Areas that the file does not give are measured.</summary>
    private List<(CocoPlace Place, CocoOutline Outline)> Outlines(int image, int width, int height)
    {
        var outlines = new List<(CocoPlace, CocoOutline)>();
        try
        {
            if (!index.IsCurrent(new FileInfo(index.File)))
                throw new ImageException($"{index.File} has changed since it was read. Open the data set again.");
            using var file = RegularFile.OpenHandle(index.File);
            foreach (var place in index.PlacesOf(image))
            {
                if (!place.HasOutline)
                    continue;
                var json = new byte[place.Length];
                for (int done = 0, read; done < json.Length; done += read)
                    if ((read = RandomAccess.Read(file, json.AsSpan(done), place.Offset + done)) == 0)
                        throw new ImageException($"{index.File} shrank while it was read.");
                var outline = Name(place, () => CocoOutline.Read(json, width, height));
                outlines.Add((double.IsNaN(place.Area) ? place with { Area = outline.Area() } : place, outline));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImageException($"{index.File} cannot be read: {error.Message}", error);
        }
        return outlines;
    }

    private void Name(CocoPlace place, Action draw) => Name(place, () =>
    {
        draw();
        return true;
    });

    private T Name<T>(CocoPlace place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is ImageException or JsonException or InvalidOperationException)
        {
            var reason = error is ImageException ? error.Message : "has a segmentation that is damaged";
            throw new ImageException(
                $"{index.File} has an annotation at byte {place.Offset:N0} ({CocoImage.Show(index.Categories[place.Category].Name)}) that "
                + $"{reason}. {Remedy}", error);
        }
    }
}
