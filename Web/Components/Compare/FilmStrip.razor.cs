using System.Globalization;
using Dashboard.Backend.Datasets;
using Dashboard.Web.Compare;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Compare;

/// <summary>The images of the comparison, worst or most disputed first.</summary>
public sealed partial class FilmStrip
{
    /// <summary>Fills a high screen twice.</summary>
    public const int PageSize = 24;

    private ElementReference _root;

    [Parameter, EditorRequired] public required LoadedComparison Comparison { get; set; }
    [Parameter, EditorRequired] public required CompareView View { get; set; }

    /// <summary>Null until the scores are there.</summary>
    [Parameter] public IReadOnlyList<RankedImage>? Ranked { get; set; }

    [Parameter] public WorkProgress? Progress { get; set; }
    [Parameter] public string? Problem { get; set; }
    [Parameter] public EventCallback<CompareView> OnView { get; set; }
    [Parameter] public EventCallback<string> OnImage { get; set; }

    /// <summary>For scrolling to.</summary>
    public ElementReference Root => _root;

    private int Pages => Math.Max(1, ((Ranked?.Count ?? 0) + PageSize - 1) / PageSize);
    private int Page => Math.Clamp(View.Page ?? PageOfImage, 1, Pages);

    /// <summary>1 where the image is filtered out.</summary>
    private int PageOfImage => Ranked?.Index().FirstOrDefault(image => image.Item.Sample.Id == View.Image).Index / PageSize + 1 ?? 1;

    private int Start => (Page - 1) * PageSize;
    private int MatrixSource => Math.Min(View.Matrix, Comparison.Sources.Count - 1);
    private string UsualOrder => Comparison.Scored.Count > 0 ? $"IoU of {Letter(Comparison.Scored[0])}, lowest first" : "The split's own order";

    private IEnumerable<(string Title, IEnumerable<(ImageOrder Order, string Text)> Orders)> Orders
    {
        get
        {
            var (scored, all) = (Comparison.Scored, Enumerable.Range(0, Comparison.Sources.Count));
            // The usual order stands above the others already.
            if (scored.Count > 0)
                yield return ("IoU", scored.Skip(View.Cell is null && View.Order != new ImageOrder(OrderKind.Lowest, scored[0]) ? 1 : 0).Select(a =>
                    (new ImageOrder(OrderKind.Lowest, a), $"IoU of {Letter(a)}, lowest first"))
                    .Concat(scored.Select(a => (new ImageOrder(OrderKind.Highest, a), $"IoU of {Letter(a)}, highest first"))));
            if (scored.Count > 1)
                yield return ("Difference of IoU", scored.SelectMany(a =>
                    scored.Where(b => b != a).Select(b => (new ImageOrder(OrderKind.Difference, a, b), $"{Letter(a)} better than {Letter(b)}"))));
            yield return ("Disagreement", all.SelectMany(a =>
                all.Where(b => b > a).Select(b => (new ImageOrder(OrderKind.Disagreement, a, b), $"{Letter(a)} and {Letter(b)} differ"))));
        }
    }

    /// <summary>Another choice begins at the first page.</summary>
    private Task Change(CompareView view) => OnView.InvokeAsync(view with { Page = 1 });

    private Task Sort(string? order) => Change(View with { Order = ImageOrder.Parse(order, Comparison.Sources.Count) });

    private Task Turn(int page) => OnView.InvokeAsync(View with { Page = Math.Clamp(page, 1, Pages) });

    private string Thumbnail(string id, int source)
    {
        var threshold = Comparison.Threshold(View, source) is { } value ? "?threshold=" + value.ToString("0.###", CultureInfo.InvariantCulture) : "";
        var key = Uri.EscapeDataString(Comparison.Sources[source].Key.ToString());
        return $"api/compare/{Uri.EscapeDataString(Comparison.Run)}/thumbnails/{key}/{ImageAddress.Escape(id)}{threshold}";
    }

    /// <summary>What the image was sorted by, where the bars do not show it; with its unit.</summary>
    private (string Text, string Unit)? KeyText(RankedImage image) => (image.Key, View.Order?.Kind, View.Cell) switch
    {
        (null, _, _) => null,
        ({ } key, OrderKind.Difference, _) => ($"{100 * key:+0.0;−0.0}", "points"),
        ({ } key, OrderKind.Disagreement, _) => ($"{100 * key:0.0} %", "of the pixels differ"),
        ({ } key, null, not null) => ($"{key:N0}", "pixels in the cell"),
        _ => null,
    };

    /// <summary>The picture is that of the first source that is measured: what it has wrong is looked for.</summary>
    private int Pictured => Comparison.Scored.Count > 0 ? Comparison.Scored[0] : 0;

    private string Letter(int source) => Comparison.Sources[source].Letter;

    private static string Short(double? iou) => iou is { } known ? (100 * known).ToString("0.0") : "–";

    private static string Share(double? iou) => (100 * (iou ?? 0)).ToString("0", CultureInfo.InvariantCulture);

    private static string Capitalised(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
