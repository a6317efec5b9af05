using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Chart;

/// <summary>Curves of a run, others laid over it. Renders again only when a group of metrics appears; values never pass through here.</summary>
public sealed partial class RunCharts : IAsyncDisposable
{
    private ElementReference _root;
    private BrowserPart _charts = null!;
    private string _rendered = "";

    /// <summary>The page's run first, then those laid over it.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<ChartRun> Runs { get; set; }

    [Parameter, EditorRequired] public required IReadOnlyList<MetricGroup> Groups { get; set; }

    /// <summary>Why there is no curve yet, and what to do.</summary>
    [Parameter] public string EmptyText { get; set; } = "No value has been reported yet.";

    /// <summary>For a page that shows more than curves: no controls; what was chosen elsewhere holds.</summary>
    [Parameter] public bool Compact { get; set; }

    /// <summary>The x axis is the time since the run's start, whatever is chosen elsewhere; without smoothing and zoom.</summary>
    [Parameter] public bool ByTime { get; set; }

    /// <summary>What is shown in the place of the first chart, and as high, until there is one.</summary>
    [Parameter] public RenderFragment? Before { get; set; }

    /// <summary>Changes when a run goes on after its end: the charts then listen again.</summary>
    [Parameter] public RunStateKey StateKey { get; set; }

    /// <summary>Changes with <see cref="Before"/>.</summary>
    [Parameter] public string? BeforeKey { get; set; }

    [Inject] private IJSRuntime Script { get; set; } = null!;

    private string Structure => string.Join('\n', [$"{StateKey}", EmptyText, $"{BeforeKey}", .. Groups.Select(group => group.MetricsJson)]);

    protected override void OnInitialized() => _charts = new(Script, "./Components/Chart/RunCharts.razor.js");

    protected override bool ShouldRender() => Structure != _rendered;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var rendered = _rendered = Structure;
        if (firstRender)
            await _charts.StartAsync(_root, Runs);
        // A group may have come while the charts were on their way.
        if (!firstRender || rendered != _rendered)
            await _charts.CallAsync("update");
    }

    public ValueTask DisposeAsync() => _charts.DisposeAsync();

    private string Suffix(ChartRun run) => Runs.Count > 1 ? $" of {run.Name}" : "";

    private static string ExportUrl(ChartRun run, MetricGroup group, string format) =>
        $"api/runs/{Uri.EscapeDataString(run.Id)}/curves.{format}?"
            + string.Join('&', group.Metrics.Select(metric => $"metric={Uri.EscapeDataString(metric)}"));
}

/// <summary>A run as the chart's module knows it.</summary>
/// <param name="LastSeq">Events up to here are in the history that the module loads; it watches from here.</param>
/// <param name="Metrics">Those reported so far; new ones arrive with the events.</param>
public sealed record ChartRun(string Id, string Name, long LastSeq, IReadOnlyList<string> Metrics, double? StepsPerEpoch, DateTimeOffset? Started);

/// <summary>Counts how often the run has begun to run.</summary>
public readonly record struct RunStateKey(int Starts);
