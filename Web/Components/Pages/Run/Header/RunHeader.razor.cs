using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.Shared;
using Dashboard.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dashboard.Web.Components.Pages.Run.Header;

/// <summary>What the run is and how far, what can be done with it, and the tabs of its page. Stops and resumes it.</summary>
public sealed partial class RunHeader : IDisposable
{
    /// <summary>The tab that an address without one means.</summary>
    public const string Overview = "overview";

    private static readonly (string Key, string Title)[] AllTabs =
    [
        (Overview, "Overview"), ("curves", "Curves"), ("maps", "Maps"), ("results", "Results"), ("options", "Options"), ("log", "Log"),
        ("system", "System"),
    ];

    private ITimer? _second;
    private bool _copied;
    private bool _busy;
    private string? _failure;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Parameter, EditorRequired] public required RunDigest Digest { get; set; }

    /// <summary>The one that is open.</summary>
    [Parameter, EditorRequired] public required string Tab { get; set; }

    /// <summary>It has curves.</summary>
    [Parameter] public bool Trains { get; set; } = true;

    [CascadingParameter] private ViewAddress View { get; set; } = null!;

    [Inject] private TimeProvider Clock { get; set; } = null!;
    [Inject] private IJSRuntime Script { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IRunQueue Queue { get; set; } = null!;
    [Inject] private IDialogService Dialogs { get; set; } = null!;
    [Inject] private Confirmation Confirmation { get; set; } = null!;

    /// <summary>Methods that start from a run like this one, with the form that has it chosen.</summary>
    private IEnumerable<(string Title, string Address)> NextMethods =>
        from made in MethodCatalog.All
        where made.Name == Run.Spec.Method
        from method in MethodCatalog.All
        from input in method.Inputs
        where input.Takes(made)
        let preset = method.Presets.FirstOrDefault(preset => input.MadeBy?.PresetOf(preset.Name) == Run.Spec.Preset) ?? method.Presets[0]
        select (method.Title, QueryHelpers.AddQueryString("new", new Dictionary<string, string?>
        {
            ["method"] = method.Name,
            ["preset"] = preset.Name,
            ["dataset"] = Run.Spec.Dataset,
            ["seed"] = Run.Spec.Seed.ToString(),
            ["device"] = Run.Spec.Device,
            [input.Role] = Run.Spec.Id,
        }));

    private IEnumerable<(string Key, string Title)> Tabs => AllTabs.Where(tab => Trains || tab.Key != "curves");

    private int Percent => Run.State == RunState.Finished ? 100 : (int)Math.Clamp(100 * Run.Fraction, 0, 100);

    /// <summary>Options that are not the method's default.</summary>
    private int Changed => MethodCatalog.Find(Run.Spec.Method) is not { } method
        ? 0
        : Run.Spec.Options.Count(option =>
            method.Schema.Fields.FirstOrDefault(known => known.Name == option.Key) is { } known
                && Format.Option(option.Value) != Format.Option(known.Default));

    /// <summary>How far it is, in the order of what is asked first.</summary>
    private IEnumerable<(string Text, bool Strong)> Facts
    {
        get
        {
            if (Run.State == RunState.Running)
                yield return ($"{Percent} %", true);
            if (Run.State == RunState.Running && Digest.Progress is { } progress)
            {
                yield return (progress.Stage, false);
                if (progress.Epochs > 0 && IsTraining(progress))
                    yield return ($"epoch {progress.Epoch} of {progress.Epochs}", false);
                if (progress.Steps > 0)
                    yield return ($"{(IsTraining(progress) ? "step" : "image")} {Grouped(progress.Step)} of {Grouped(progress.Steps)}", false);
            }
            else if (Run.State == RunState.Running)
                yield return (Run.Stage ?? "starting", false);
            // What it was trained for; the last progress may tell of images that were scored.
            else if (Digest.LastCheckpoint is { } checkpoint)
                yield return ($"{Grouped(checkpoint.Step)} steps in {checkpoint.Epoch} {(checkpoint.Epoch == 1 ? "epoch" : "epochs")}", false);
            if (Run is { State: RunState.Running, Eta: { } eta })
                yield return ($"{Format.Seconds(eta)} left", true);
            if (Run is { State: RunState.Running, ImagesPerSecond: { } speed })
                yield return ($"{speed:0.0} images/s", false);
            if (Elapsed is { } elapsed)
                yield return (Run.State == RunState.Running ? $"for {Format.Duration(elapsed)}" : $"took {Format.Duration(elapsed)}", false);
            yield return (Run.Device, false);
            if (Run.Started is { } started)
                yield return ($"started {Format.Time(started)}", false);
        }
    }

    private TimeSpan? Elapsed => (Run.State == RunState.Running ? Clock.GetUtcNow() : Run.Ended) - Run.Started;

    protected override void OnInitialized() => _second =
        Clock.CreateTimer(_ => InvokeAsync(Tick), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public void Dispose() => _second?.Dispose();

    /// <summary>Stages of methods that train are named so.</summary>
    private static bool IsTraining(RunProgress progress) => progress.Stage.StartsWith("train", StringComparison.OrdinalIgnoreCase);

    /// <summary>1 340: as the design has it, with a thin space.</summary>
    private static string Grouped(long number) => number.ToString("N0").Replace(',', '\u202f');

    private string LinkTo(string tab) => View.With(("tab", tab == Overview ? default : tab));

    private void Open(string tab) => View.Choose("tab", tab == Overview ? null : tab);

    private void Tick()
    {
        if (Run.State == RunState.Running)
            StateHasChanged();
    }

    private async Task CopyAsync()
    {
        await Script.InvokeVoidAsync("copyText", Run.Spec.Id);
        _copied = true;
    }

    private Task ShareAsync() => Dialogs.ShowAsync<ShareDialog>(
        $"Share {Run.Spec.Title}", new DialogParameters<ShareDialog> { { dialog => dialog.RunId, Run.Spec.Id } },
        DialogSize.Wide);

    private async Task StopAsync()
    {
        var question = Run.State == RunState.Queued
            ? "It has not begun: nothing is lost, and resuming puts it at the end of the queue."
            : "Its process ends after the current step. What it has written stays, and it can be resumed from its last checkpoint.";
        if (await Confirmation.AskAsync(question, "Stop this run?", "Stop run"))
            await AttemptAsync(() => Queue.StopAsync(Run.Spec.Id));
    }

    private Task ResumeAsync() => AttemptAsync(() => Task.Run(() =>
    {
        // The second of two quick clicks finds that the first has done it.
        if (Store.Find(Run.Spec.Id) is not { State: RunState.Queued or RunState.Running or RunState.Finished })
            Queue.Resume(Run.Spec.Id);
    }));

    private async Task AttemptAsync(Func<Task> action)
    {
        if (_busy)
            return;
        (_busy, _failure) = (true, null);
        try
        {
            await action();
        }
        catch (Exception error) when (error is InvalidRunException or IOException or UnauthorizedAccessException)
        {
            _failure = error.Message;
        }
        finally
        {
            _busy = false;
        }
    }

    private string Address(string what) => $"api/runs/{Uri.EscapeDataString(Run.Spec.Id)}/{what}".TrimEnd('/');
}
