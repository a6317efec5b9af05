using Dashboard.Web.Components.Address;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Comparison;

public sealed partial class MapTable
{
    private IReadOnlyList<(string Image, string? Class)> _rows = [];

    [Parameter, EditorRequired] public required IReadOnlyList<ComparedMaps> Runs { get; set; }

    /// <summary>More snapshots may come.</summary>
    [Parameter] public bool AreLive { get; set; }

    /// <summary>What is shown before somebody chooses: "cam" or "mask".</summary>
    [Parameter] public string Usual { get; set; } = "cam";

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    private string Kind => Address["show"] is "mask" or "cam" ? Address["show"]! : Usual;

    private string? Class => Address["class"];

    private IEnumerable<(string Image, string? Class)> Shown => _rows.Where(row => Kind == "mask" || Class is null || row.Class == Class);

    /// <summary>The row that is shown large.</summary>
    private (string Image, string? Class)? Opened =>
        Address["open"] is { } open ? _rows.Cast<(string, string?)?>().FirstOrDefault(row => Key(row!.Value.Item1, row.Value.Item2) == open) : null;

    protected override void OnParametersSet() =>
        _rows = [.. Runs.SelectMany(run => run.Rows(Kind))
            .Distinct()
            .Select((row, place) => (Row: row, Place: place))
            .GroupBy(row => row.Row.Image)
            .SelectMany(image => image.OrderBy(row => row.Place))
            .Select(row => row.Row)];

    /// <summary>Image and truth are the same in all runs: the first that has them shows them.</summary>
    private IEnumerable<(string Title, string? Url, bool IsLabels)> Pictures(string image, string? className) =>
    [
        ("Image", Runs.Select(run => run.Url(image, "image")).FirstOrDefault(url => url is not null), false),
        ("Truth", Runs.Select(run => run.Url(image, "truth")).FirstOrDefault(url => url is not null), true),
        .. Runs.Select(run => (run.Title, run.Url(image, Kind, className), Kind == "mask")),
    ];

    private List<(string Title, string Url, bool IsLabels)> There(string image, string? className) =>
        [.. Pictures(image, className).Where(picture => picture.Url is not null).Select(picture => (picture.Title, picture.Url!, picture.IsLabels))];

    private static string Key(string image, string? className) => className is null ? image : $"{image} {className}";

    private static string Describe(string image, string? className) => className is null ? image : $"{image}, {className}";

    private string OpenLink(string image, string? className) => Address.With(("open", Key(image, className)));
}
