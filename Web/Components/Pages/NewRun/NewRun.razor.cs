using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Runs;
using Dashboard.Web.Access;
using Dashboard.Web.Api.Requests;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.RunForm.Launch;
using Dashboard.Web.Components.RunForm.Options;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Primitives;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Pages.NewRun;

/// <summary>The launch form: made from the options record, checked as typed, kept in the address so that a reload loses nothing.</summary>
public sealed partial class NewRun : IDisposable
{
    private LaunchForm? _form;

    /// <summary>Counts what was entered for good.</summary>
    private int _revision;

    private LaunchPanel? _launch;

    /// <summary>What the address asks for and nothing knows: launched without it, a shared link would start something else.</summary>
    private IReadOnlyList<string> _strange = [];

    /// <summary>
    /// What was changed of a method and preset that were left for others, and the preset that a method was left with: it is there again on the way
    /// back.
    /// </summary>
    private readonly Dictionary<(string Method, string? Preset), string[]> _left = [];
    private readonly Dictionary<string, string?> _leftPreset = [];

    private IReadOnlyList<DatasetEntry>? _datasets;
    private string _json = "";
    private string? _problem;
    private (string? Method, string? Preset, string? Parent) _opened;
    private StoreWatch? _changes;

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private DatasetCatalog Catalog { get; set; } = null!;
    [Inject] private IDatasetSource Datasets { get; set; } = null!;
    [Inject] private ModelCatalog Models { get; set; } = null!;
    [Inject] private AllowedRoots Roots { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;
    [Inject] private LibtorchOfWorkers Libtorch { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _changes = new StoreWatch(Store, Clock, () => InvokeAsync(LookAtInputsAsync));
        try
        {
            // Opens every registered folder: not on the circuit's thread.
            _datasets = await Task.Run(Catalog.List);
        }
        catch (DatasetException error)
        {
            _datasets = [];
            _problem = error.Message;
        }
    }

    protected override void OnParametersSet()
    {
        // What is typed writes the address; only another method, preset or parent opens the form anew.
        var asked = (Address["method"], Address["preset"], Address["from"]);
        if (_form is not null && _opened == asked)
            return;
        _opened = asked;
        _problem = null;
        _form = Create();
        (_pathFaults, _inputFaults, _planFaults) = ([], [], []);
        if (_form is not null)
            Check();
    }

    private LaunchForm? Create()
    {
        var parent = _opened.Parent is { } id ? Store.Find(id)?.Spec : null;
        if (_opened.Parent is not null && parent is null)
        {
            _problem = $"There is no run '{_opened.Parent}' to relaunch; it may have been deleted.";
            return null;
        }
        var name = parent?.Method ?? _opened.Method ?? MethodCatalog.All[0].Name;
        if (MethodCatalog.Find(name) is not { } method)
        {
            _problem = MethodCatalog.NotFound(name);
            return null;
        }
        var presetName = _opened.Preset ?? parent?.Preset;
        var preset = method.Presets.FirstOrDefault(preset => preset.Name == presetName) ?? (parent is null ? method.Presets[0] : null);
        List<string> strange = [];
        if (_opened.Preset is { } given && preset?.Name != given)
            strange.Add(
                $"preset: {method.Title} has no preset '{Shown.Text(given)}'. It has: "
                + $"{string.Join(", ", method.Presets.Select(known => known.Name))}.");
        var form = new LaunchForm(method, preset, parent);
        form.Dataset = Address["dataset"] ?? (parent is null && preset == method.Presets[0] ? "cooccurrence" : form.Dataset);
        form.Seed = Address["seed"] ?? form.Seed;
        form.Device = Address["device"] ?? form.Device;
        form.Name = Address["name"] ?? "";
        form.Profile = method.Trains && (Address["profile"] is { } profile ? profile == "true" : form.Profile);
        foreach (var input in method.Inputs)
            if (Address.All(input.Role) is [var run, ..])
                StartFrom(form, input, run);
        foreach (var assignment in Address.All("set"))
            if (assignment.Split('=', 2) is [var option, var text] && method.Schema.Fields.FirstOrDefault(field => field.Name == option) is { } field)
                form[field] = text;
            else
                strange.Add($"{Shown.Text(assignment.Split('=')[0])}: {method.Title} has no such option.");
        _strange = strange;
        return form;
    }

    private void Open(string method, string? preset)
    {
        if (preset is not null && (method, preset) == (_form?.Method.Name, _form?.Preset?.Name))
        {
            // Chosen once more, it is to be as it is by itself.
            OpenWith(method, preset, []);
            return;
        }
        if (_form is { Parent: null } form)
        {
            _left[(form.Method.Name, form.Preset?.Name)] = form.Changes;
            _leftPreset[form.Method.Name] = form.Preset?.Name;
        }
        preset ??= _leftPreset.GetValueOrDefault(method);
        Address.Change(("method", method), ("preset", preset), ("from", default), ("set", _left.GetValueOrDefault((method, preset), [])));
    }

    /// <summary>Anew, also where method and preset stay the same.</summary>
    private void OpenWith(string method, string preset, IReadOnlyList<string> assignments)
    {
        _opened = default;
        Address.Change(("method", method), ("preset", preset), ("from", default), ("set", assignments.ToArray()));
    }

    /// <summary>The group of options that has an editor of its own; null where the method has none.</summary>
    private string? PromptGroup => _form!.Method.OptionsType == typeof(ClimsOptions) ? "Prompts" : null;

    /// <summary>Empty leaves it to the queue.</summary>
    private static void StartFrom(LaunchForm form, MethodInput input, string id)
    {
        form.Inputs.Remove(input.Role);
        if (id != "")
            form.Inputs[input.Role] = id;
    }

    private RenderFragment Editor(OptionField field) => builder =>
    {
        builder.OpenComponent<OptionEditor>(0);
        builder.AddAttribute(1, nameof(OptionEditor.Field), field);
        builder.AddAttribute(2, nameof(OptionEditor.Value), _form![field]);
        builder.AddAttribute(3, nameof(OptionEditor.Reference), _form.Reference(field));
        builder.AddAttribute(4, nameof(OptionEditor.IsChanged), _form.IsChanged(field));
        builder.AddAttribute(5, nameof(OptionEditor.Failure), FailureOf(field.Name));
        builder.AddAttribute(6, nameof(OptionEditor.OnEnter),
            EventCallback.Factory.Create<(string Text, bool IsFinal)>(this, entry => Change(() => _form![field] = entry.Text, entry.IsFinal)));
        builder.AddAttribute(7, nameof(OptionEditor.OnReset),
            EventCallback.Factory.Create(this, () => Change(() => _form!.Reset(field), isFinal: true)));
        builder.SetKey(field.Name);
        builder.CloseComponent();
    };

    private void Change(Action change, bool isFinal = false)
    {
        change();
        _problem = null;
        Check();
        if (!isFinal)
            return;
        _revision++;
        Remember();
    }

    private void Remember()
    {
        Address.Change(
        [
            ("dataset", Given(_form!.Dataset, "")),
            ("seed", Given(_form.Seed, "0")),
            ("device", Given(_form.Device, "cpu")),
            ("name", Given(_form.Name, "")),
            ("profile", _form.Profile == (_form.Parent?.Profile ?? false) ? null : _form.Profile ? "true" : "false"),
            ("set", _form.Changes),
            .. _form.Method.Inputs.Select(input =>
                (input.Role, (StringValues)(_form.Inputs.GetValueOrDefault(input.Role)
                    ?? (_form.Parent?.Inputs.ContainsKey(input.Role) == true ? "" : null)))),
        ]);
    }

    /// <summary>Brings a field, or the head of a group, into sight. What is wrong is shown whatever the options are filtered by.</summary>
    private async Task RevealAsync(string option)
    {
        try
        {
            await using var module = await Script.InvokeAsync<IJSObjectReference>("import", "/js/form/reveal.js");
            await module.InvokeVoidAsync("reveal", option);
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException)
        {
            // The page was closed meanwhile, or its script could not be loaded: the list of faults stands there anyway.
        }
    }

    private static string? Given(string text, string usual) => text == usual ? null : text;

    public void Dispose()
    {
        _looks++;
        _changes?.Dispose();
    }
}
