using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Artifacts;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Components.TryIt;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dashboard.Web.Components.RunActions;

/// <summary>Stands on a run's page by itself: the run is all that it needs.</summary>
public sealed partial class RunMenu
{
    private (string Run, RunState State)? _read;
    private string? _trial;
    private bool _busy;
    private string? _problem;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IRunQueue Queue { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private IDialogService Dialogs { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;

    /// <summary>Of what the run has left.</summary>
    private IEnumerable<(string Format, string Title)> Exports
    {
        get
        {
            if (Run.State != RunState.Finished)
                yield break;
            var kinds = Artifact.Of(Run.Spec).Select(artifact => artifact.Kind).ToHashSet();
            if (kinds.Overlaps([ArtifactKind.LabelMaps, ArtifactKind.SoftMaps]))
            {
                yield return ("voc", "Label maps, VOC layout (zip)");
                yield return ("coco", "Label maps, COCO (JSON)");
            }
            if (kinds.Contains(ArtifactKind.SoftMaps))
                yield return ("npy", "Soft maps, NumPy (zip)");
            if (kinds.Overlaps([ArtifactKind.Network, ArtifactKind.TextImageModel]))
            {
                yield return ("safetensors", "Network, safetensors");
                yield return ("pth", "Network, PyTorch (pth)");
            }
        }
    }

    /// <summary>The page hands its run on several times a second: the folder is looked at once.</summary>
    protected override async Task OnParametersSetAsync()
    {
        var (read, run) = ((Run.Spec.Id, Run.State), Run);
        if (_read == read)
            return;
        _read = read;
        var trial = await Task.Run(() => RunTrial.AddressOf(run, Store.Folder(run.Spec.Id)));
        // It may have gone on meanwhile.
        if (_read == read)
            _trial = trial;
    }

    private async Task RelaunchAsync()
    {
        if (_busy || !await Confirmation.AskAsync(
            $"A new run with the same options, the same seed ({Run.Spec.Seed}) and the same inputs is queued on {Run.Spec.Device}. "
                + "On the CPU it gives the same numbers, bit for bit.",
            "Relaunch exactly?", "Queue the run", "Cancel"))
            return;
        (_busy, _problem) = (true, null);
        try
        {
            var made = await Queue.SubmitAsync(RunRequest.Again(Run.Spec));
            Navigation.NavigateTo($"runs/{made.Spec.Id}");
        }
        catch (Exception error) when (error is InvalidRunException or DatasetException or IOException or UnauthorizedAccessException)
        {
            _problem = error.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private Task VerifyAsync() =>
        Dialogs.ShowAsync<VerifyDialog>("Verify the scores", new DialogParameters<VerifyDialog> { { dialog => dialog.Run, Run } }, DialogSize.Wide);
}
