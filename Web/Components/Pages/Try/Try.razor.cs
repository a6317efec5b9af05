using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Inference;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.Pages.Try;

/// <summary>
/// Zero-shot masks of one image. What is asked is chosen here and stands in the address, except an uploaded image; the asking, and all that moves
/// without asking (threshold, opacity, classes), is the module's, so that neither images nor maps pass through the circuit.
/// </summary>
public sealed partial class Try : IAsyncDisposable
{
    /// <summary>Of the names as they are typed: room for all that label maps can hold, and the address can still be opened.</summary>
    private const int LongestNames = 6000;

    private ElementReference _root;
    private DotNetObjectReference<Try>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _viewer;
    private LaunchForm? _form;
    private string _dataset = CooccurrenceWorld.Kind;
    private string? _split;
    private string? _image;
    private string? _upload;
    private string? _classes;

    /// <summary>The data set's, as they are typed; null until it is open.</summary>
    private string? _names;

    /// <summary>Of the data set's labels.</summary>
    private IReadOnlyList<string> _colours = [];

    /// <summary>The data set is being opened: its names will stand where others could be typed.</summary>
    private bool _opening;

    /// <summary>Counts the addresses that were opened: the first, every link to this page from this page, and the next page.</summary>
    private int _visit;

    /// <summary>The visit whose elements the module has.</summary>
    private int? _drawn;

    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;

    private string Classes => _classes ?? _names ?? "";

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnLocationChanged;
        Open(Navigation.Uri);
    }

    /// <summary>A link to this page, from this page: the menu's leads to the page as it is at first, and the way back to what was there.</summary>
    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        if (Navigation.ToBaseRelativePath(e.Location).Split('?')[0] == "try")
            _ = InvokeAsync(async () =>
            {
                // Not waited for first: the next address may come before its answer.
                var closing = CloseViewerAsync();
                Open(e.Location);
                _visit++;
                StateHasChanged();
                await closing;
            });
    }

    private void Open(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        string? Value(string name) => query.TryGetValue(name, out var values) ? values[0] : null;
        (_dataset, _split, _image, _classes) = (Value("dataset") ?? CooccurrenceWorld.Kind, Value("split"), Value("image"), Value("classes"));
        (_upload, _names, _opening) = (null, null, true);
        OpenForm(Value("preset"), query.GetValueOrDefault("set").OfType<string>());
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_drawn == _visit)
            return;
        var visit = _visit;
        _drawn = visit;
        try
        {
            _self ??= DotNetObjectReference.Create(this);
            _module ??= await Script.InvokeAsync<IJSObjectReference>("import", "./Components/Pages/Try/Try.razor.js");
            if (visit != _visit)
                return;
            _viewer = await _module.InvokeAsync<IJSObjectReference>("init", _root, _self, SegmentRequest.Limits.MaxFileBytes);
            if (visit != _visit)
                await CloseViewerAsync();
            else
                await AskAsync();
        }
        catch (Exception error) when (error is JSDisconnectedException || (visit != _visit && error is JSException or ObjectDisposedException))
        {
            // The page was closed or left meanwhile; a module that is loaded only then finds no element.
        }
    }

    /// <summary>The module has a file that a person has chosen, dropped or pasted.</summary>
    [JSInvokable]
    public Task UploadedAsync(string name) => InvokeAsync(async () =>
    {
        (_upload, _image) = (name, null);
        StateHasChanged();
        await AskAsync();
    });

    /// <summary>The presets of published figures leave the model open: here it is the built-in one until another is chosen.</summary>
    private void OpenForm(string? presetName, IEnumerable<string> assignments)
    {
        var presets = ZeroShotMethod.Descriptor.Presets;
        var preset = presets.FirstOrDefault(preset => preset.Name == presetName) ?? presets[0];
        _form = new LaunchForm(ZeroShotMethod.Descriptor,
            preset with { Options = (ZeroShotOptions)preset.Options with { Model = ZeroShotMethod.BuiltInModel } });
        foreach (var assignment in assignments)
            if (assignment.Split('=', 2) is [var option, var text]
                && _form.Method.Schema.Fields.FirstOrDefault(field => field.Name == option) is { } field)
                _form[field] = text;
    }

    private Task ChoosePresetAsync(string preset)
    {
        OpenForm(preset, []);
        return AskAsync();
    }

    private void ChooseDataset(string dataset) => (_dataset, _split, _image, _classes, _names, _opening) = (dataset, null, null, null, null, true);

    private Task OpenedAsync((IImageDataset Dataset, string Split) opened)
    {
        // Another split was chosen: the image is not in it.
        if (_split is not null && _split != opened.Split)
            _image = null;
        (_split, _opening) = (opened.Split, false);
        _names = string.Join(", ", opened.Dataset.Classes.Names);
        _colours = [.. opened.Dataset.Classes.LabelNames.Select(ClassColours.Css)];
        _classes ??= _names;
        return AskAsync();
    }

    private Task ChooseImageAsync(string id)
    {
        (_image, _upload) = (id, null);
        return AskAsync();
    }

    private Task ResetClassesAsync()
    {
        _classes = _names;
        return AskAsync();
    }

    /// <summary>Puts the question as it stands to the module, which asks the server, and writes it into the address.</summary>
    private async Task AskAsync()
    {
        // A question without names, or without the split of its image, waits for the data set.
        if (_viewer is null || _form is null || _classes is null || (_image is not null && _split is null))
            return;
        try
        {
            await _viewer.InvokeVoidAsync(
                "ask",
                new
                {
                    dataset = _dataset,
                    split = _split,
                    image = _image,
                    upload = _image is null ? _upload : null,
                    classes = Classes,
                    ownNames = Classes == _names,
                    colours = _colours,
                    options = _form.Resolved.ToJsonString(),
                },
                new
                {
                    dataset = _dataset == CooccurrenceWorld.Kind ? null : _dataset,
                    split = _image is null ? null : _split,
                    image = _image,
                    classes = Classes == _names ? null : Classes,
                    preset = _form.Preset == null || _form.Preset.Name == _form.Method.Presets[0].Name ? null : _form.Preset.Name,
                    set = _form.Assignments.Select(pair => $"{pair.Key}={pair.Value}"),
                });
        }
        catch (JSDisconnectedException)
        {
            // The page was closed meanwhile.
        }
    }

    private async Task CloseViewerAsync()
    {
        if (_viewer is not { } viewer)
            return;
        _viewer = null;
        try
        {
            await viewer.InvokeVoidAsync("dispose");
            await viewer.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _visit++;
        await CloseViewerAsync();
        try
        {
            if (_module is not null)
                await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // Gone with the page.
        }
        _self?.Dispose();
    }
}
