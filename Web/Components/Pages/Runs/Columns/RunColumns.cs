using System.Globalization;
using Dashboard.Backend.Runs;
using Dashboard.Web.Components.Address;
using Microsoft.Extensions.Primitives;

namespace Dashboard.Web.Components.Pages.Runs.Columns;

/// <summary>A column of the list.</summary>
/// <param name="Key">Its name in the address and in the style sheet.</param>
/// <param name="Width">In pixels, where nobody has chosen another; what is left over falls to the run's name.</param>
/// <param name="Sort">Null: the list cannot be sorted by it.</param>
public sealed record RunColumn(string Key, string Title, int Width, RunSort? Sort = null, bool CanHide = false);

/// <summary>How the columns are laid out: what is hidden, how wide they are, which stay in sight when the list is scrolled sideways.</summary>
public sealed record RunColumns(IReadOnlyList<string> Hidden, IReadOnlyDictionary<string, int> Widths, IReadOnlyList<string> Pinned)
{
    public const int Narrowest = 40;
    public const int Widest = 800;

    /// <summary>Of the column with the check boxes.</summary>
    private const int Left = 44;

    public static readonly IReadOnlyList<RunColumn> All =
    [
        new("name", "Run", 226, RunSort.Name),
        new("method", "Method", 90, RunSort.Method, CanHide: true),
        new("dataset", "Data set", 100, RunSort.Dataset, CanHide: true),
        new("state", "State", 216, RunSort.State),
        new("loss", "Loss", 92, CanHide: true),
        new("map", "CAM", 44, CanHide: true),
        new("miou", "mIoU %, 95 % interval", 240, RunSort.Miou),
        new("device", "Device", 58, CanHide: true),
        new("age", "Age", 64, RunSort.Started),
    ];

    /// <summary>Hidden within the column of names.</summary>
    public const string Tags = "tags";

    public static RunColumns Usual { get; } = new([], new Dictionary<string, int>(), []);

    public bool IsUsual => Hidden.Count + Widths.Count + Pinned.Count == 0;

    public static RunColumns Of(ViewAddress address) => Parse(address["hide"], address["widths"], address["pin"]);

    /// <param name="hidden">"loss,tags".</param>
    /// <param name="widths">"name:320,state:180".</param>
    /// <param name="pinned">"name,method".</param>
    public static RunColumns Parse(string? hidden, string? widths, string? pinned) => new(
        [.. Names(hidden).Where(key => key == Tags || All.Any(column => column.Key == key && column.CanHide))],
        Names(widths).Select(pair => pair.Split(':')).Where(pair => pair.Length == 2 && All.Any(column => column.Key == pair[0]))
            .Select(pair => (Key: pair[0], Width: int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width) ? width : 0))
            .Where(pair => pair.Width is >= Narrowest and <= Widest).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Width),
        InOrder(Names(pinned)));

    /// <summary>As the address holds them.</summary>
    public IReadOnlyList<(string Name, StringValues Values)> Choices =>
    [
        ("hide", Text(Hidden)),
        ("widths", Text([.. Widths.Select(width => string.Create(CultureInfo.InvariantCulture, $"{width.Key}:{width.Value}"))])),
        ("pin", Text(Pinned)),
    ];

    public RunColumns Show(string key, bool isShown) => this with { Hidden = With(Hidden, key, !isShown) };

    public RunColumns Pin(string key, bool isPinned) => this with { Pinned = InOrder(With(Pinned, key, isPinned)) };

    /// <param name="width">In pixels; null for the usual one.</param>
    public RunColumns Resize(string key, int? width)
    {
        var widths = Widths.Where(other => other.Key != key).ToDictionary();
        if (width is { } chosen && All.Any(column => column.Key == key))
            widths[key] = Math.Clamp(chosen, Narrowest, Widest);
        return this with { Widths = widths };
    }

    public int WidthOf(RunColumn column) => Widths.GetValueOrDefault(column.Key, column.Width);

    /// <summary>Custom properties for the style sheet: widths, and the left edges of what is pinned.</summary>
    public string Style => string.Join(
        ' ',
        All.Select(column => string.Create(CultureInfo.InvariantCulture, $"--width-{column.Key}: {WidthOf(column)}px;"))
            .Concat(Widths.ContainsKey("name") ? ["--name-column: var(--width-name); --last-column: auto;"] : [])
            .Concat(Pinned.Select((key, i) =>
                $"--left-{key}: calc({Left}px{string.Concat(Pinned.Take(i).Select(before => $" + var(--{before}, 0px)"))});")));

    private static IReadOnlyList<string> With(IReadOnlyList<string> keys, string key, bool isIn) =>
        isIn ? [.. keys.Append(key).Distinct()] : [.. keys.Where(other => other != key)];

    private static IReadOnlyList<string> InOrder(IReadOnlyList<string> keys) => [.. All.Select(column => column.Key).Intersect(keys)];

    private static string[] Names(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static StringValues Text(IReadOnlyList<string> keys) => keys.Count == 0 ? default : new StringValues(string.Join(',', keys));
}
