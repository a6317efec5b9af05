using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Compare;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Dashboard.Web.Components.Pages.RunPanels;

/// <summary>Stops and resumes the run.</summary>
public sealed partial class RunHeader
{
    private bool _busy;
    private string? _failure;

    [Parameter, EditorRequired] public required RunSummary Run { get; set; }

    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private IRunQueue Queue { get; set; } = null!;
    [Inject] private CompareCatalog Comparisons { get; set; } = null!;
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

    private async Task StopAsync()
    {
        if (await Confirmation.AskAsync("Its process ends after the current step. What it has written stays, and it can be resumed from its last checkpoint.", "Stop this run?", "Stop run"))
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
