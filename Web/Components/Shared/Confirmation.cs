using Radzen;

namespace Dashboard.Web.Components.Shared;

/// <summary>Asks a person before something is done.</summary>
public sealed class Confirmation(DialogService dialogs)
{
    private bool _asking;

    /// <returns>True for yes. False at once while a question is open: the second of two quick clicks asks nothing again.</returns>
    public async Task<bool> AskAsync(string question, string title, string yes, string no = "Keep")
    {
        if (_asking)
            return false;
        _asking = true;
        try
        {
            return await dialogs.Confirm(question, title, new ConfirmOptions { OkButtonText = yes, CancelButtonText = no }) == true;
        }
        finally
        {
            _asking = false;
        }
    }
}
