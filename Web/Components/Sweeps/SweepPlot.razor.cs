using System.Text.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Runs.Sweeps;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Sweeps;

/// <summary>Hands a sweep's points to the part in the browser, whenever they have changed.</summary>
public sealed partial class SweepPlot : IAsyncDisposable
{
    private ElementReference _root;
    private BrowserPart? _part;
    private string? _shown;

    [Parameter, EditorRequired] public required SweepReport Report { get; set; }

    /// <summary>The table whose rows (<c>data-point</c>) follow the chosen ranges.</summary>
    [Parameter, EditorRequired] public required string Table { get; set; }

    [Inject] private IJSRuntime Script { get; set; } = null!;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var data = JsonSerializer.Serialize(new
        {
            axes = Report.Axes,
            points = Report.Points.Select(point =>
                new { point = point.Point, values = Report.Axes.Select(axis => Plain(point.Values[axis])), miou = point.Miou }),
        }, RunJson.Line);
        if (firstRender)
        {
            _part = new BrowserPart(Script, "./Components/Sweeps/SweepPlot.razor.js");
            _shown = data;
            await _part.StartAsync(_root, data);
        }
        else if (data != _shown && _part is { IsThere: true })
        {
            _shown = data;
            await _part.CallAsync("update", data);
        }
    }

    /// <summary>A number as it is; everything else as it is typed.</summary>
    private static JsonNode? Plain(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.Number ? value.DeepClone() : JsonValue.Create(OptionField.Format(value));

    public async ValueTask DisposeAsync()
    {
        if (_part is not null)
            await _part.DisposeAsync();
    }
}
