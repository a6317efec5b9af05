using System.Collections.Concurrent;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Images.Labels;
using Dashboard.Backend.Runs.Database;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets.Check;

/// <summary>What a check sees of images and masks that is not the fault of one file, but can change the numbers. Thread-safe.</summary>
internal sealed class ImageFindings
{
    private readonly ConcurrentBag<(string Path, int Orientation, ImageOrientation Read)> _turned = [];
    private readonly ConcurrentDictionary<string, byte> _deep = new();
    private readonly ConcurrentBag<(string Path, LabelKinds Kinds)> _masks = [];

    /// <returns>How the image is read.</returns>
    public ImageOrientation Add(Sample sample, ImageInfo info)
    {
        var orientation = sample.OrientationOf(info);
        if (info.Orientation != 1)
            _turned.Add((sample.ImagePath, info.Orientation, orientation));
        if (info.Layout == PixelLayout.Gray16)
            _deep[sample.ImagePath] = 0;
        return orientation;
    }

    /// <summary>Of an image that was added, how bright it is when it has been read.</summary>
    public void AddLevels(Sample sample, ImageBuffer image)
    {
        if (_deep.ContainsKey(sample.ImagePath))
            _deep[sample.ImagePath] = image.Pixels.Max();
    }

    public void AddMask(string path, LabelMap mask) => _masks.Add((path, LabelKinds.Of(mask)));

    public void Report(Action<DatasetProblem> report)
    {
        foreach (var group in _turned.GroupBy(image => (Folder: Path.GetDirectoryName(image.Path)!, image.Orientation, image.Read)))
            report(DatasetProblem.Warning(group.Key.Folder,
                $"has {Count(group.Select(image => image.Path), "image")} with EXIF orientation {group.Key.Orientation}",
                group.Key.Read == ImageOrientation.Upright
                    ? "They are read upright, as labelling tools show them. Masks that were drawn on the stored pixels do not fit: turn such "
                        + "images for good, and remove the tag."
                    : "They are read as stored, because their masks have that size."));
        foreach (var group in _deep.GroupBy(image => Path.GetDirectoryName(image.Key)!))
            report(DatasetProblem.Warning(group.Key, $"has {Count(group.Select(image => image.Key), "16-bit gray image")}",
                $"They are scaled to 8 bits, 65535 to 255; their brightest level is {group.Max(image => image.Value)}. Where that is too dark, "
                + "stretch them first."));
        var blackAndWhite = _masks.Where(mask => mask.Kinds.IsBlackAndWhite).ToList();
        if (blackAndWhite.Count == 0)
            return;
        var nothingElse = _masks.All(mask => !mask.Kinds.HasClass);
        foreach (var group in blackAndWhite.GroupBy(mask => Path.GetDirectoryName(mask.Path)!))
            report(new(nothingElse ? ProblemSeverity.Error : ProblemSeverity.Warning, group.Key,
                $"has {Count(group.Select(mask => mask.Path), "mask")} with no labels but 0 and 255", LabelKinds.Remedy));
    }

    /// <summary>"3 masks (a.png, b.png, c.png)".</summary>
    private static string Count(IEnumerable<string> paths, string what)
    {
        var names = paths.Select(Path.GetFileName).Distinct().Order(StringComparer.Ordinal).ToList();
        return $"{names.Count} {what}{(names.Count == 1 ? "" : "s")} ({string.Join(", ", names.Take(5))}{(names.Count > 5 ? ", ..." : "")})";
    }
}
