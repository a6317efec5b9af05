using System.Globalization;
using Dashboard.Domain.Runs;
using Dashboard.Web.Board;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Board;

public sealed partial class ScoreTable
{
    private BoardScale _scale = new(0, 1);
    private string? _copied;

    [Parameter, EditorRequired] public required IReadOnlyList<BoardPlace> Places { get; set; }

    [Parameter] public string? ClassName { get; set; }

    /// <summary>Identifiers of the runs that are compared with each other, two at most.</summary>
    [Parameter] public IReadOnlyList<string> Picked { get; set; } = [];

    [Parameter] public EventCallback<(string Run, bool IsPicked)> OnPick { get; set; }

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IJSRuntime Script { get; set; } = null!;

    private string Level => Places.Select(place => place.Interval).FirstOrDefault(interval => interval is not null) is { } known
        ? $"{100 * known.Level:0} % interval"
        : "Interval";

    protected override void OnParametersSet() => _scale = BoardScale.Of(Places);

    /// <summary>A place is named by its best run.</summary>
    private bool IsOpen(BoardPlace place) => Address.All("seeds").Contains(place.Best.Run?.Spec.Id);

    private void Toggle(BoardPlace place)
    {
        var id = place.Best.Run!.Spec.Id;
        var open = Address.All("seeds");
        string[] changed = open.Contains(id) ? [.. open.Where(other => other != id)] : [.. open, id];
        Address.Change(("seeds", changed));
    }

    /// <summary>What all seeds are called, unless somebody named them.</summary>
    private static string TitleOf(BoardPlace place) => place.Rows.Count > 1 && place.Best.Run is { Spec: { Name: null } spec }
        ? $"{spec.MethodTitle} · {Path.GetFileName(spec.Dataset.TrimEnd('/'))}"
        : place.Best.Title;

    private static string Runs(BoardPlace place) => place.Figures.Seeds > 1 ? $"{place.Figures.Seeds} seeds" : $"{place.Figures.Runs} runs";

    private static string? Meaning(LeaderboardRow row) => row.Title switch
    {
        "all background" => "Every pixel is background: what a map that finds nothing scores",
        "centre prior" =>
            "One of the image's tags, drawn by the run's seed, in the middle of every image: what a map that does not look at the image scores",
        _ => null,
    };

    /// <param name="ofMany">Of several runs, whose best thresholds differ.</param>
    private static string Measured(Protocol protocol, bool ofMany) => string.Join(" · ",
        protocol.Threshold is not { } threshold ? "no threshold"
            : ofMany && protocol.ThresholdSource == Protocol.SweptThreshold ? $"threshold {protocol.ThresholdSource}"
            : $"threshold {threshold:0.###}, {protocol.ThresholdSource}",
        protocol.Crf ? "CRF" : "no CRF",
        $"scale{(protocol.Scales.Count == 1 ? "" : "s")} {string.Join(", ", protocol.Scales)}{(protocol.Flip ? " + flip" : "")}",
        protocol.Tags == Protocol.TagsGiven ? "image tags given" : "no image tags",
        $"{protocol.Images} images");

    /// <summary>"31.20 to 34.90".</summary>
    private static string Between(double low, double high) => $"{Format.Percent(low)} to {Format.Percent(high)}";

    private async Task CopyAsync(string hash)
    {
        await Script.InvokeVoidAsync("copyText", hash);
        _copied = hash;
    }
}
