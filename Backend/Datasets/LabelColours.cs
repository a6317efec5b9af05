using System.Globalization;
using Dashboard.Backend.Images.Labels;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;

namespace Dashboard.Backend.Datasets;

/// <summary>
/// <c>labelmap.txt</c> at the root of a data set, as CVAT writes it: <c>name:red,green,blue:parts:actions</c>, a line a label. What the colours of its masks mean.
/// </summary>
internal static class LabelColours
{
    public const string FileName = "labelmap.txt";

    /// <summary>A file of more bytes is no list of at most 256 colours.</summary>
    private const int LargestFile = 1 << 16;

    /// <summary>VOC's colours where there is no such file.</summary>
    /// <exception cref="DatasetException">The file is damaged, or names what is no class: says the line.</exception>
    public static LabelCoding Read(string root, ClassSet classes)
    {
        var path = Path.Combine(root, FileName);
        if (!File.Exists(path))
            return LabelCoding.Of(classes.Count);
        if (new FileInfo(path).Length > LargestFile)
            throw new DatasetException($"{path} has more than {LargestFile >> 10} kB: it is no list of colours. Write name:red,green,blue, a line a label.");
        var colours = new Dictionary<int, byte>();
        try
        {
            foreach (var (line, number) in File.ReadLines(path).Select((line, index) => (line.Trim(), index + 1)))
                if (line.Length > 0 && line[0] != '#')
                    Add(colours, line, $"{path}, line {number}", classes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException($"{path} cannot be read: {error.Message}", error);
        }
        return new(classes.Count, colours, HasOwnColours: true);
    }

    private static void Add(Dictionary<int, byte> colours, string line, string place, ClassSet classes)
    {
        var parts = line.Split(':');
        byte[] levels = parts.Length < 2 ? [] : [.. parts[1].Split(',').Select(level => byte.TryParse(level, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? (int)value : -1)
            .TakeWhile(level => level >= 0).Select(level => (byte)level)];
        if (levels.Length != 3)
            throw new DatasetException($"{place}: '{line}' has no colour. Write name:red,green,blue, each from 0 to 255.");
        var name = parts[0].Trim();
        var label = name.ToLowerInvariant() switch
        {
            _ when classes.Names.ToList().IndexOf(name) is >= 0 and var index => (byte)(index + 1),
            "background" => LabelMap.Background,
            "ignore" or "void" or "ignored" => LabelMap.Ignore,
            _ => throw new DatasetException($"{place}: '{name}' is no class of the data set. Correct the name, or add the class."),
        };
        if (!colours.TryAdd(levels[0] << 16 | levels[1] << 8 | levels[2], label))
            throw new DatasetException($"{place}: '{name}' has the colour of another label. Give every label a colour of its own.");
    }
}
