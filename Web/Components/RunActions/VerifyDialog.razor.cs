using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Runs;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Datasets;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Dashboard.Web.Components.RunActions;

public sealed partial class VerifyDialog : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private RunVerification? _verified;
    private WorkProgress? _progress;
    private string? _problem;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private DatasetBrowser Datasets { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        var progress = new PacedProgress(Clock, work => _ = InvokeAsync(() =>
        {
            _progress = work;
            StateHasChanged();
        }));
        try
        {
            _verified = Store.Folder(Run.Spec.Id) is { } folder
                ? await Task.Run(
                    () => RunVerification.Of(folder, Datasets.Open(Run.Spec.Dataset, stop: _closed.Token), Store.EvaluationsOf(Run.Spec.Id), progress,
                        _closed.Token), _closed.Token)
                : throw new InvalidRunException("run", $"The run {Run.Spec.Id} has been deleted.");
        }
        catch (OperationCanceledException)
        {
            // The dialog was closed.
        }
        catch (Exception error)
            when (error is InvalidRunException or DatasetException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _problem = error.Message;
        }
    }

    public void Dispose() => _closed.Cancel();
}
