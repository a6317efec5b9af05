using System.Globalization;
using Dashboard.Backend.Datasets;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Datasets;

public sealed partial class ImageGrid : IAsyncDisposable
{
    /// <summary>Fills a wide screen; few enough to decode at once.</summary>
    private const int PageSize = 48;

    private List<Sample>? _samples;

    /// <summary>Images of the whole split with each class among their tags.</summary>
    private IReadOnlyList<int> _counts = [];

    private int _total;
    private (string Split, string? Class)? _read;
    private string _split = "";
    private string? _problem;

    [Parameter, EditorRequired] public required string Name { get; set; }
    [Parameter, EditorRequired] public required IImageDataset Dataset { get; set; }

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private DatasetBrowser Browser { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;

    /// <summary>Moves the opacity of the masks while its slider is drawn; the address learns where it was left.</summary>
    private BrowserPart? _part;

    private ElementReference _filters;

    private string? Class => Address["class"];
    private bool Masks => Address["masks"] is not null;
    private int Opacity => Math.Clamp(Number("opacity") ?? 60, 10, 100);
    private string? Image => Address["image"];
    private int Page => Math.Clamp(Number("page") ?? 1, 1, Math.Max(1, ((_samples?.Count ?? 0) + PageSize - 1) / PageSize));
    private int Start => (Page - 1) * PageSize;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await (_part = new BrowserPart(Script, "/js/datasets/opacity.js")).StartAsync(_filters);
    }

    protected override async Task OnParametersSetAsync()
    {
        _split = Address["split"] is { } chosen && Dataset.Splits.Contains(chosen) ? chosen : Dataset.Splits is [var first, ..] ? first : "";
        var asked = (Split: _split, Class);
        if (_read == asked)
            return;
        (_read, _samples, _problem) = (asked, null, null);
        try
        {
            var number = asked.Class is null ? -1 : Dataset.Classes.Names.ToList().IndexOf(asked.Class);
            var (samples, counts, total) = await Task.Run(() =>
            {
                var all = Browser.Samples(Name, asked.Split);
                return (all.Where(sample => asked.Class is null || sample.Tags.Contains(number)).ToList(), Count(all), all.Count);
            });
            // Another choice may have been made meanwhile.
            if (_read == asked)
                (_samples, _counts, _total) = (samples, counts, total);
        }
        catch (DatasetException error)
        {
            if (_read == asked)
                _problem = error.Message;
        }
    }

    private int[] Count(IReadOnlyList<Sample> samples)
    {
        var counts = new int[Dataset.Classes.Count];
        foreach (var tag in samples.SelectMany(sample => sample.Tags.Distinct()))
            counts[tag]++;
        return counts;
    }

    /// <summary>Turns the grid to the page that the image is on, too.</summary>
    private void Open(int index)
    {
        var page = (index / PageSize) + 1;
        Address.Change(("image", _samples![index].Id), ("page", page == 1 ? null : page.ToString(CultureInfo.InvariantCulture)));
    }

    private string TryLink(Sample sample) =>
        $"try?dataset={Uri.EscapeDataString(Name)}&split={Uri.EscapeDataString(_split)}&image={Uri.EscapeDataString(sample.Id)}";

    private string TagsOf(Sample sample) =>
        sample.Tags.Count == 0 ? "no tags" : string.Join(", ", sample.Tags.Select(tag => Dataset.Classes.Names[tag]));

    private string ImageUrl(Sample sample, bool large) =>
        $"api/datasets/{Name}/images/{Escape(sample.Id)}?split={Uri.EscapeDataString(_split)}{(large ? "&large=true" : "")}";

    /// <param name="overlay">With a background that lets the image through.</param>
    private string MaskUrl(Sample sample, bool overlay) =>
        $"api/datasets/{Name}/masks/{Escape(sample.Id)}?split={Uri.EscapeDataString(_split)}{(overlay ? "&overlay=true" : "")}";

    private static string Escape(string id) => string.Join('/', id.Split('/').Select(Uri.EscapeDataString));

    private string ImageLink(string? id) => Address.With(("image", id));

    private string PageLink(int page) => Address.With(("page", page == 1 ? null : page.ToString(CultureInfo.InvariantCulture)));

    private int? Number(string choice) =>
        int.TryParse(Address[choice], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Another choice begins at the first page.</summary>
    private void Show(string choice, string? value)
    {
        if (choice is "split" or "class")
            Address.Choose("page", null);
        Address.Choose(choice, value);
    }

    public ValueTask DisposeAsync() => _part?.DisposeAsync() ?? ValueTask.CompletedTask;
}
