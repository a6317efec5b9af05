using MudBlazor;

namespace Dashboard.Web.Components.Shared;

/// <summary>Asks a person before something is done.</summary>
public sealed class Confirmation(IDialogService dialogs)
{
    private bool _asking;

    /// <param name="destructive">What is lost cannot be had back: the button is red.</param>
    /// <returns>True for yes. False at once while a question is open: the second of two quick clicks asks nothing again.</returns>
    public async Task<bool> AskAsync(string question, string title, string yes, string no = "Keep", bool destructive = false)
    {
        if (_asking)
            return false;
        _asking = true;
        try
        {
            var parameters = new DialogParameters<ConfirmationDialog>
            {
                { dialog => dialog.Question, question },
                { dialog => dialog.Yes, yes },
                { dialog => dialog.No, no },
                { dialog => dialog.Destructive, destructive },
            };
            var dialog = await dialogs.ShowAsync<ConfirmationDialog>(title, parameters, DialogSize.Small);
            return await dialog.Result is { Canceled: false };
        }
        finally
        {
            _asking = false;
        }
    }
}
