using Dashboard.Backend.Datasets;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dashboard.Web.Components.TryIt;

/// <summary>
/// A finished run's network on one image. What is asked is chosen here and stands in the address, except an uploaded image; the asking and
/// the drawing are the module's.
/// </summary>
public sealed partial class RunTrialPanel : IAsyncDisposable
{
    /// <summary>Where the run has measured no threshold of its own.</summary>
    private const double UsualThreshold = 0.15;

    private ElementReference _root;
    private DotNetObjectReference<RunTrialPanel>? _self;
    private BrowserPart? _part;
    private IImageDataset? _dataset;
    private string? _split;
    private string? _upload;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }
    [Parameter, EditorRequired] public TrialKind Kind { get; set; }

    [CascadingParameter] private ViewAddress Address { get; set; } = null!;

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;

    private string Dataset => Address["dataset"] ?? Run.Spec.Dataset;

    /// <summary>Of the data set; null where a file of one's own is shown, or nothing yet.</summary>
    private string? Image => _upload is null ? Address["image"] : null;

    /// <summary>Of the run's best score: the one that its leaderboard row was measured at.</summary>
    private double Threshold => MainScore.Of(Run.Spec, Store.EvaluationsOf(Run.Spec.Id))?.Protocol.Threshold ?? UsualThreshold;

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _self = DotNetObjectReference.Create(this);
        _part = new BrowserPart(Script, "./Components/TryIt/RunTrialPanel.razor.js");
        await _part.StartAsync(_root, _self, new
        {
            run = Run.Spec.Id,
            kind = Kind.ToString().ToLowerInvariant(),
            threshold = Threshold,
            mostBytes = SegmentRequest.Limits.MaxFileBytes,
        });
        await AskAsync();
    }

    /// <summary>The module has a file that a person has chosen, dropped or pasted.</summary>
    [JSInvokable]
    public Task UploadedAsync(string name) => InvokeAsync(async () =>
    {
        _upload = name;
        Address.Choose("image", null);
        StateHasChanged();
        await AskAsync();
    });

    private void ChooseDataset(string dataset)
    {
        (_dataset, _split) = (null, null);
        Address.Change(("dataset", dataset == Run.Spec.Dataset ? null : dataset), ("split", default), ("image", default));
    }

    private Task OpenedAsync((IImageDataset Dataset, string Split) opened)
    {
        // Another split was chosen: the image is not in it.
        if (_split is not null && _split != opened.Split)
            Address.Change(("split", opened.Split), ("image", default));
        (_dataset, _split) = opened;
        return AskAsync();
    }

    private Task ChooseImageAsync(string id)
    {
        _upload = null;
        Address.Change(("split", _split), ("image", id));
        return AskAsync();
    }

    /// <summary>Puts the question as it stands to the module, which asks the server.</summary>
    private async Task AskAsync()
    {
        if (_part is null || (Image is not null && _dataset is null))
            return;
        await _part.CallAsync("ask", new
        {
            dataset = Dataset,
            split = _split,
            image = Image,
            upload = _upload,
            tags = Tags(),
            colours = (_dataset?.Classes.LabelNames ?? []).Select(ClassColours.Css),
        });
    }

    /// <summary>
    /// Names of the image's tags: the classes whose maps the run itself would make. Null where the image has none that are known, or is of a data set
    /// with other classes.
    /// </summary>
    private IReadOnlyList<string>? Tags()
    {
        if (_dataset is null || _split is null || Image is not { } image || Dataset != Run.Spec.Dataset)
            return null;
        var sample = _dataset.Samples(_split).FirstOrDefault(sample => sample.Id == image);
        return sample is { Tags.Count: > 0 } ? [.. sample.Tags.Select(tag => _dataset.Classes.Names[tag])] : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_part is not null)
            await _part.DisposeAsync();
        _self?.Dispose();
    }
}
