using System.Globalization;
using Dashboard.Backend.Datasets.Preview;

namespace Dashboard.Web.Cli.Display;

/// <summary>A preview as lines of text.</summary>
internal static class PreviewText
{
    /// <summary>Characters of a class name; a longer one is cut.</summary>
    private const int LongestName = 24;

    public static IEnumerable<string> Lines(DatasetPreview preview)
    {
        yield return $"{preview.Name} ({preview.Kind}), {preview.Classes.Count} classes, {preview.Root}";
        foreach (var split in preview.Splits)
            yield return $"  {split.Split}: {Describe(split)}";
        var widths = preview.Splits.Select(split => Math.Max(8, split.Split.Length)).ToList();
        yield return "  "
            + "class".PadRight(LongestName) + string.Concat(preview.Splits.Select((split, i) => $"  {split.Split.PadLeft(widths[i])}   pixels"));
        foreach (var row in preview.Classes)
            yield return "  "
                + Cut(row.Name)
                .PadRight(LongestName) + string.Concat(
                row.Splits.Select((count, i) => $"  {Number(count.Images).PadLeft(widths[i])}  {Percent(count.PixelShare).PadLeft(7)}"));
        if (preview.Pictures.Count > 0)
            yield return $"  look at: {string.Join(", ", preview.Pictures.Select(picture => picture.Id))} ({preview.Pictures[0].Split})";
        foreach (var skipped in preview.Skipped)
            yield return $"  skipped or doubtful: {skipped}";
    }

    private static string Describe(PreviewSplit split)
    {
        if (split.Problem is { } problem)
            return problem;
        var sizes = split is { Smallest: { } smallest,
            Largest: { } largest } ? $", {(smallest == largest ? Size(smallest) : $"{Size(smallest)} to {Size(largest)}")} pixels" : "";
        var shares = split.BackgroundShare is { } background ? $", background {Percent(background)}, ignored {Percent(split.IgnoredShare)}" : "";
        var sampled = split.Opened < split.Images ? $" (sizes and pixels of {Number(split.Opened)} of them, evenly spaced)" : "";
        return $"{Number(split.Images)} images, {Number(split.Masks)} with mask, {Number(split.Untagged)} without tags{sizes}{shares}{sampled}";
    }

    private static string Size(Backend.Images.ImageSize size) => $"{size.Width}x{size.Height}";

    private static string Cut(string name) => name.Length <= LongestName ? name : name[..(LongestName - 3)] + "...";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double? share) => share is { } known ? (100 * known).ToString("0.00", CultureInfo.InvariantCulture) + " %" : "-";
}
