using System.Globalization;
using Dashboard.Backend.Runs.Database;
using Microsoft.AspNetCore.WebUtilities;

namespace Dashboard.Web.Compare;

/// <summary>
/// What a visitor has chosen to compare, as it stands in the page's address. How the panes are drawn (opacity, mode, zoom, hidden classes) stands
/// there, too, but only the browser reads and writes it.
/// </summary>
public sealed record CompareView
{
    public const int MaxSources = 4;

    /// <summary>The page's path.</summary>
    public const string Path = "compare/masks";

    public IReadOnlyList<SourceKey> Sources { get; init; } = [];

    /// <summary>By source; null: the run's own. May be shorter than the sources.</summary>
    public IReadOnlyList<double?> Thresholds { get; init; } = [];

    public string? Image { get; init; }

    /// <summary>Null: the usual one.</summary>
    public ImageOrder? Order { get; init; }

    /// <summary>Only images with this class.</summary>
    public string? Class { get; init; }

    /// <summary>Of the grid, from 1; null: the one with the image.</summary>
    public int? Page { get; init; }

    /// <summary>Number of the source whose confusion matrix is shown.</summary>
    public int Matrix { get; init; }

    /// <summary>Only images with pixels in this cell of it.</summary>
    public MatrixCell? Cell { get; init; }

    public double? Threshold(int source) => Thresholds.ElementAtOrDefault(source);

    /// <summary>Other sources: what named the old ones by number is dropped, their thresholds go along.</summary>
    public CompareView WithSources(IReadOnlyList<SourceKey> sources) => this with
    {
        Sources = sources,
        Thresholds = [.. sources.Select(source => Sources.ToList().IndexOf(source) is >= 0 and var before ? Threshold(before) : null)],
        Order = null,
        Matrix = 0,
        Cell = null,
        Page = null,
    };

    public static CompareView Parse(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        string? Value(string name) => query.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } text ? text : null;
        IReadOnlyList<SourceKey> sources =
            [.. (Value("sources") ?? "").Split(',').Select(SourceKey.Parse).OfType<SourceKey>().Distinct().Take(MaxSources)];
        return new()
        {
            Sources = sources,
            Thresholds = [.. (Value("t") ?? "").Split(',').Take(MaxSources).Select(Number)],
            Image = Value("image"),
            Order = ImageOrder.Parse(Value("sort"), sources.Count),
            Class = Value("class"),
            Page = int.TryParse(Value("page"), out var page) && page > 0 ? page : null,
            Matrix = int.TryParse(Value("matrix"), out var matrix) ? Math.Clamp(matrix, 0, MaxSources - 1) : 0,
            Cell = MatrixCell.Parse(Value("cell")),
        };
    }

    /// <summary>Whether it looks at something else: the browser's way back undoes that, but not how it is looked at.</summary>
    public bool LooksElsewhere(CompareView before) =>
        !Sources.SequenceEqual(before.Sources) || (Image, Order, Class, Cell) != (before.Image, before.Order, before.Class, before.Cell);

    /// <summary>The address's entries; null where the entry has its default.</summary>
    public IReadOnlyDictionary<string, string?> ToQuery() => new Dictionary<string, string?>
    {
        ["sources"] = Sources.Count == 0 ? null : string.Join(',', Sources),
        ["t"] = Thresholds.All(threshold =>
            threshold is null) ? null : string.Join(',', Thresholds.Select(threshold => threshold?.ToString("0.###", CultureInfo.InvariantCulture))),
        ["image"] = Image,
        ["sort"] = Order?.ToString(),
        ["class"] = Class,
        ["page"] = Page?.ToString(CultureInfo.InvariantCulture),
        ["matrix"] = Matrix == 0 ? null : Matrix.ToString(CultureInfo.InvariantCulture),
        ["cell"] = Cell?.ToString(),
    };

    /// <summary>For links that open a window of their own.</summary>
    public string Link => QueryHelpers.AddQueryString(Path, ToQuery().Where(entry => entry.Value is not null));

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number : null;
}
