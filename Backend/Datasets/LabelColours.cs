using System.Globalization;
using Dashboard.Backend.Files;
using Dashboard.Backend.Images.Labels;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets;

/// <summary>
/// <c>labelmap.txt</c> at the root of a data set, as CVAT writes it: <c>name:red,green,blue:parts:actions</c>, a line a label. What the colours of
/// its masks mean.
/// </summary>
internal static class LabelColours
{
    public const string FileName = "labelmap.txt";

    private const int LargestFile = 1 << 20;

    /// <summary>VOC's colours where there is no such file, or no colour in it.</summary>
    /// <exception cref="DatasetException">The file is damaged, or names something that is not a class: says the line.</exception>
    public static LabelCoding Read(string root, ClassSet classes)
    {
        var path = Path.Combine(root, FileName);
        if (!File.Exists(path))
            return LabelCoding.Of(classes.Count);
        var colours = new Dictionary<int, byte>();
        try
        {
            foreach (var (line, number) in BoundedText.Lines(path, "a list of colours", LargestFile)
                .Select((line, index) => (line.Trim(), index + 1)))
                if (line.Length > 0 && line[0] != '#')
                    Add(colours, line, $"{path}, line {number}", classes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DatasetException.Of(error, path, "Write name:red,green,blue, a line a label.");
        }
        return colours.Count == 0 ? LabelCoding.Of(classes.Count) : new(classes.Count, colours, HasOwnColours: true);
    }

    /// <summary>A label without a colour is drawn nowhere.</summary>
    private static void Add(Dictionary<int, byte> colours, string line, string place, ClassSet classes)
    {
        var parts = line.Split(':');
        if (parts.Length > 1 && parts[1].Trim().Length == 0)
            return;
        byte[] levels =
            parts.Length < 2
                ? []
                : [.. parts[1]
                    .Split(',')
                    .Select(level =>
                        byte.TryParse(level, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture,
                            out var value) ? (int)value : -1)
            .TakeWhile(level => level >= 0).Select(level => (byte)level)];
        if (levels.Length != 3)
            throw new DatasetException($"{place}: '{line}' has no colour. Write name:red,green,blue, each from 0 to 255.");
        var name = parts[0].Trim();
        var label = name.ToLowerInvariant() switch
        {
            _ when classes.Names.ToList().IndexOf(name) is >= 0 and var index => (byte)(index + 1),
            "background" => LabelMap.Background,
            "ignore" or "void" or "ignored" => LabelMap.Ignore,
            _ => throw new DatasetException($"{place}: '{name}' is not a class of the data set. Correct the name, or add the class."),
        };
        if (!colours.TryAdd(levels[0] << 16 | levels[1] << 8 | levels[2], label))
            throw new DatasetException($"{place}: '{name}' has the colour of another label. Give every label a colour of its own.");
    }
}
