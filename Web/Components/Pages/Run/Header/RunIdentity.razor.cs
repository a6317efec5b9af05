using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Dashboard.Web.Components.Pages.Run.Header;

/// <summary>The title, star and tags of a run.</summary>
public sealed partial class RunIdentity
{
    private ElementReference _field;
    private bool _renaming;
    private bool _tagging;
    private bool _focuses;
    private string _name = "";
    private string _tag = "";
    private IReadOnlyList<string> _known = [];
    private string? _failure;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;

    /// <summary>What the run is called where nobody has named it.</summary>
    private string AutomaticTitle => (Run.Spec with { Name = null }).Title;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focuses)
            return;
        _focuses = false;
        await _field.FocusAsync();
    }

    private void Rename() => (_renaming, _focuses, _name, _failure) = (true, true, Run.Spec.Name ?? "", null);

    private async Task SaveNameAsync()
    {
        var name = _name;
        await LabelAsync(labels => labels with { Name = name });
        _renaming = _failure is not null;
    }

    private void Tag() =>
        (_tagging, _focuses, _tag, _failure, _known) = (true, true, "", null, [.. Store.Page(new RunFilter(), 0, 1).Tags.Except(Run.Labels.Tags)]);

    /// <summary>Several at once, separated by commas.</summary>
    private async Task AddTagAsync()
    {
        var tags = _tag.Split(',', StringSplitOptions.TrimEntries);
        await LabelAsync(labels => labels with { Tags = [.. labels.Tags, .. tags] });
        if (_failure is null)
            _tagging = false;
    }

    private void LeaveOnEscape(KeyboardEventArgs e)
    {
        if (e.Key == "Escape")
            (_renaming, _tagging, _failure) = (false, false, null);
    }

    /// <summary>Waits for the disk: not on the circuit's thread.</summary>
    private async Task LabelAsync(Func<RunLabels, RunLabels> change)
    {
        try
        {
            var id = Run.Spec.Id;
            var labels = await Task.Run(() => Store.Label(id, change));
            Run = Store.Find(id) ?? Run with { Labels = labels };
            _failure = null;
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            _failure = error.Message;
        }
    }
}
