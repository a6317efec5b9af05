using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.Pages.Run.Overview;

/// <summary>Shows the notes of a run, and takes others.</summary>
public sealed partial class NotesCard
{
    private ElementReference _field;
    private (string Run, RunLabels Labels)? _shown;
    private string? _notes;
    private string _text = "";

    /// <summary>All of the notes is known; till then, they cannot be edited.</summary>
    private bool _isWhole;

    private bool _editing;
    private bool _saving;
    private bool _focuses;
    private string? _failure;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;

    protected override async Task OnParametersSetAsync()
    {
        var (id, labels) = (Run.Spec.Id, Run.Labels);
        if (_shown == (id, labels))
            return;
        // A summary has the beginning of long ones.
        if (_shown?.Run != id || labels.Notes is null)
            _notes = labels.Notes;
        _isWhole = labels.Notes is null;
        _shown = (id, labels);
        var notes = _isWhole ? null : await Task.Run(() => Store.Folder(id) is { } folder ? RunLabelsFile.ReadOrNone(folder).Notes : null);
        // They may have been changed meanwhile.
        if (_shown == (id, labels))
            (_notes, _isWhole) = (notes, true);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focuses)
            return;
        _focuses = false;
        await _field.FocusAsync();
    }

    private void Edit() => (_editing, _focuses, _text, _failure) = (true, true, _notes ?? "", null);

    private async Task SaveAsync()
    {
        if (_saving)
            return;
        _saving = true;
        try
        {
            var (id, text) = (Run.Spec.Id, _text);
            _notes = await Task.Run(() => Store.Label(id, labels => labels with { Notes = text }).Notes);
            (_editing, _failure) = (false, null);
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            _failure = error.Message;
        }
        finally
        {
            _saving = false;
        }
    }
}
