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

    /// <summary>At the file.</summary>
    private int _looks;

    private bool CanSave => Own is null && Form is { Parent: null, Preset: not null, Changes.Length: > 0 };

    protected override void OnInitialized() => _changes = Presets.Subscribe(() => _ = InvokeAsync(async () =>
    {
        await LoadAsync();
        StateHasChanged();
    }));

    protected override async Task OnParametersSetAsync()
    {
        if (_method == Form.Method.Name)
            return;
        (_method, _naming, _presets) = (Form.Method.Name, false, []);
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focus)
            return;
        _focus = false;
        await _field.FocusAsync();
    }

    private async Task LoadAsync()
    {
        var (method, look) = (_method!, ++_looks);
        var (presets, problem) = await Task.Run(() => Read(method));
        // Another method may have been chosen meanwhile, or a preset saved: what an earlier look brings late is outdated.
        if (look == _looks)
            (_presets, _problem) = (presets, problem);
    }

    private (IReadOnlyList<OwnPreset> Presets, string? Problem) Read(string method)
    {
        try
        {
            return (Presets.Of(method), null);
        }
        catch (InvalidDataException error)
        {
            return ([], error.Message);
        }
    }

    private void Start() => (_naming, _focus, _name) = (true, true, "");

    private async Task PressAsync(KeyboardEventArgs e)
    {
        if (e.Key == "Enter")
            await SaveAsync();
        else if (e.Key == "Escape")
            _naming = false;
    }

    private async Task SaveAsync()
    {
        if (_name.Trim() is not { Length: > 0 } name)
            return;
        var preset = new OwnPreset(name, Form.Method.Name, Form.Preset!.Name, Form.Changes);
        _naming = !await AttemptAsync(() => Presets.Save(preset));
    }

    private async Task RemoveAsync(OwnPreset preset)
    {
        if (await Confirmation.AskAsync($"Everybody who opens this dashboard loses the preset {preset.Name}. {Describe(preset)}", "Remove preset?",
            "Remove", destructive: true))
            await AttemptAsync(() => Presets.Remove(preset));
    }

    private async Task<bool> AttemptAsync(Action change)
    {
        try
        {
            await Task.Run(change);
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
