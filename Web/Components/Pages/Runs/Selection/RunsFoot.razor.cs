using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Pages.Runs.Rows;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dashboard.Web.Components.Pages.Runs.Selection;

/// <summary>The bar under the list.</summary>
public sealed partial class RunsFoot
{
    [Parameter, EditorRequired] public required RunsView View { get; set; }

    [Parameter, EditorRequired] public required RunPage Page { get; set; }

    /// <summary>On whatever page they stand.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<RunSummary> Selected { get; set; }

    [Parameter, EditorRequired] public required RunActions Actions { get; set; }

    [Parameter] public EventCallback OnClear { get; set; }

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    private int First => View.Offset + 1;

    private List<string> Stages => [.. Page.Runs.Select(run => RunRow.ShortStage(run.Glance.Stage)).OfType<string>().Distinct().Order()];

    private List<RunSummary> Stoppable => [.. Selected.Where(RunActions.CanStop)];

    private List<RunSummary> Deletable => [.. Selected.Where(run => !RunActions.CanStop(run))];

    private string CompareLink =>
        Selected is [var only] ? $"runs/{only.Spec.Id}" : "compare/runs?" + string.Join('&', Selected.Select(run => $"run={run.Spec.Id}"));

    /// <summary>The masks of what is selected, beside the truth; null where nothing selected has any.</summary>
    private string? MasksLink => Selected.Where(run => run is { State: RunState.Finished, Miou: not null }).ToList() is { Count: > 1 and <= 3 } runs
        ? "compare/masks?sources="
            + string.Join(
            ',', runs.Select(run => $"{(run.Glance.Stage == Protocol.Stages.SeedCam ? "maps" : "masks")}:{run.Spec.Id}").Append("truth"))
        : null;

    private string PageLink(int number) => Address.With(("page", number == 1 ? default : $"{number}"));

    private async Task TagAsync()
    {
        var runs = Selected.Where(run => run.Spec.IsReadable).ToList();
        var parameters = new DialogParameters<TagDialog> { { dialog => dialog.Runs, runs }, { dialog => dialog.Known, Page.Tags } };
        var dialog = await Dialogs.ShowAsync<TagDialog>($"Tag {(runs.Count == 1 ? runs[0].Spec.Title : $"{runs.Count} runs")}", parameters,
            DialogSize.Small);
        if (await dialog.Result is { Canceled: false, Data: TagChange change })
            await Actions.LabelAsync(runs, labels => labels with { Tags = [.. labels.Tags.Except(change.Removed), .. change.Added] });
    }
}
