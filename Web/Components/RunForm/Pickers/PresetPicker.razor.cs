using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Dashboard.Web.Components.RunForm.Pickers;

public sealed partial class PresetPicker : IDisposable
{
    private IReadOnlyList<OwnPreset> _presets = [];
    private string? _method;
    private string? _problem;
    private string _name = "";
    private bool _naming;
    private bool _focus;
    private ElementReference _field;
    private IDisposable? _changes;

    [Parameter, EditorRequired] public required LaunchForm Form { get; set; }

    /// <summary>Why nothing can be launched with the chosen one as it is; null where it can.</summary>
    [Parameter] public string? Misfit { get; set; }

    /// <summary>One of the method's own was chosen.</summary>
    [Parameter] public EventCallback<string> OnPreset { get; set; }

    /// <summary>One that a person has saved was chosen.</summary>
    [Parameter] public EventCallback<OwnPreset> OnOwn { get; set; }

    [Inject] private OwnPresets Presets { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;

    private OwnPreset? Own => _presets.FirstOrDefault(preset => preset.Fits(Form));

    private bool CanSave => Own is null && Form is { Parent: null, Preset: not null, Changes.Length: > 0 };

    protected override void OnInitialized() => _changes = Presets.Subscribe(() => _ = InvokeAsync(() =>
    {
        Load();
        StateHasChanged();
    }));

    protected override void OnParametersSet()
    {
        if (_method == Form.Method.Name)
            return;
        (_method, _naming) = (Form.Method.Name, false);
        Load();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focus)
            return;
        _focus = false;
        await _field.FocusAsync();
    }

    private void Load()
    {
        try
        {
            (_presets, _problem) = (Presets.Of(_method!), null);
        }
        catch (InvalidDataException error)
        {
            (_presets, _problem) = ([], error.Message);
        }
    }

    private void Start() => (_naming, _focus, _name) = (true, true, "");

    private void Press(KeyboardEventArgs e)
    {
        if (e.Key == "Enter")
            Save();
        else if (e.Key == "Escape")
            _naming = false;
    }

    private void Save()
    {
        if (_name.Trim() is { Length: > 0 } name)
            _naming = !Attempt(() => Presets.Save(new(name, Form.Method.Name, Form.Preset!.Name, Form.Changes)));
    }

    private async Task RemoveAsync(OwnPreset preset)
    {
        if (await Confirmation.AskAsync($"Everybody who opens this dashboard loses the preset {preset.Name}. {Describe(preset)}", "Remove preset?",
            "Remove", destructive: true))
            Attempt(() => Presets.Remove(preset));
    }

    private bool Attempt(Action change)
    {
        try
        {
            change();
            return true;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            _problem = error.Message;
            return false;
        }
    }

    /// <summary>"Built-in with batchSize=8, epochs=2."</summary>
    private string Describe(OwnPreset preset) =>
        $"{Form.Method.Presets.FirstOrDefault(known => known.Name == preset.Base)?.Title ?? preset.Base} with "
        + $"{string.Join(", ", preset.Assignments)}.";

    public void Dispose() => _changes?.Dispose();
}
