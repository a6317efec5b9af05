using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Preview;

/// <summary>What was read of a data set: to look at before the first run. Made by <see cref="PreviewMaker"/>.</summary>
/// <param name="Kind">As <see cref="DatasetLayout.Kind"/>.</param>
/// <param name="Classes">In label order, label 1 first.</param>
/// <param name="Pictures">A few images, the same ones every time.</param>
/// <param name="Skipped">
/// What was left out or looks wrong, and why. A check looks at every file; this names what reading the lists and the sampled images told.
/// </param>
public sealed record DatasetPreview(
    string Name,
    string Kind,
    string Root,
    IReadOnlyList<PreviewSplit> Splits,
    IReadOnlyList<PreviewClass> Classes,
    IReadOnlyList<PreviewPicture> Pictures,
    IReadOnlyList<DatasetProblem> Skipped)
{
    /// <summary>True where some split is so large that only a part of its images was opened.</summary>
    public bool IsSampled => Splits.Any(split => split.Opened < split.Images);
}

/// <summary>One split.</summary>
/// <param name="Masks">Images with ground truth.</param>
/// <param name="Untagged">Images without any tag.</param>
/// <param name="Opened">Images whose sizes and masks were read: all, or evenly spaced ones of a large split.</param>
/// <param name="Smallest">Of the opened ones, by pixels; null where none could be opened. So is <paramref name="Largest"/>.</param>
/// <param name="BackgroundShare">Of the pixels of the opened masks, 0..1; null without masks. So is <paramref name="IgnoredShare"/>.</param>
/// <param name="Problem">Why the split cannot be read; null where it can.</param>
public sealed record PreviewSplit(
    string Split, int Images, int Masks, int Untagged, int Opened, ImageSize? Smallest, ImageSize? Largest, double? BackgroundShare,
    double? IgnoredShare, string? Problem);

/// <summary>One class.</summary>
/// <param name="Splits">In the order of <see cref="DatasetPreview.Splits"/>.</param>
public sealed record PreviewClass(string Name, IReadOnlyList<PreviewClassCount> Splits);

/// <summary>How often a class occurs in a split.</summary>
/// <param name="Images">Tagged with it.</param>
/// <param name="PixelShare">Of the pixels of the opened masks, 0..1; null without masks.</param>
public sealed record PreviewClassCount(int Images, double? PixelShare);

/// <summary>An image to look at.</summary>
public sealed record PreviewPicture(string Split, string Id, IReadOnlyList<string> Tags, bool HasMask);
