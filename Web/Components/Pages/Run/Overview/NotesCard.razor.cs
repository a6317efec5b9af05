using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Run.Overview;

/// <summary>Shows the notes of a run, and takes others.</summary>
public sealed partial class NotesCard
{
    private ElementReference _field;
    private RunLabels? _shown;
    private string? _notes;
    private string _text = "";
    private bool _editing;
    private bool _focuses;
    private string? _failure;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;

    protected override void OnParametersSet()
    {
        if (_shown == Run.Labels)
            return;
        _shown = Run.Labels;
        // A summary has the beginning of long ones.
        _notes = Run.Labels.Notes is null || Store.Folder(Run.Spec.Id) is not { } folder ? null : RunLabelsFile.ReadOrNone(folder).Notes;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focuses)
            return;
        _focuses = false;
        await _field.FocusAsync();
    }

    private void Edit() => (_editing, _focuses, _text, _failure) = (true, true, _notes ?? "", null);

    private void Save()
    {
        try
        {
            _notes = Store.Label(Run.Spec.Id, labels => labels with { Notes = _text }).Notes;
            (_editing, _failure) = (false, null);
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            _failure = error.Message;
        }
    }
}
