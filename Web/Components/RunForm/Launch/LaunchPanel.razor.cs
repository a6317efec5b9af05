using Dashboard.Backend.Datasets;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Methods;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;

namespace Dashboard.Web.Components.RunForm.Launch;

/// <summary>
/// Plans the form's run whenever it has changed: what a launch would refuse (a preset whose splits the data set lacks, a run that nothing can be
/// started from) is said before it, and how long it takes.
/// </summary>
public sealed partial class LaunchPanel : IDisposable
{
    /// <summary>Of a hand that goes from field to field.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private (LaunchForm Form, int Revision, bool IsSound)? _planned;
    private CancellationTokenSource? _planning;
    private PlanReport? _plan;
    private CancellationTokenSource? _dryRun;
    private DryRunReport? _report;
    private bool _reportIsOld;
    private bool _launching;
    private string? _problem;

    [Parameter, EditorRequired] public required LaunchForm Form { get; set; }

    /// <summary>Another number whenever something in the form has changed.</summary>
    [Parameter, EditorRequired] public required int Revision { get; set; }

    /// <summary>All that keeps the form from being launched.</summary>
    [Parameter, EditorRequired] public required IReadOnlyList<OptionFailure> Failures { get; set; }

    /// <summary>Whether the form by itself is sound: only then is it planned.</summary>
    [Parameter] public bool IsSound { get; set; }

    /// <summary>Waits until the failures are those of what was typed last: what it names may still be looked for.</summary>
    [Parameter] public Func<Task> Settle { get; set; } = () => Task.CompletedTask;

    /// <summary>What the address asks for and nothing knows.</summary>
    [Parameter] public IReadOnlyList<string> Strange { get; set; } = [];

    [Parameter] public EventCallback OnGoOn { get; set; }

    /// <summary>What the plan, the launch or a dry run has refused; empty where nothing.</summary>
    [Parameter] public EventCallback<IReadOnlyList<OptionFailure>> OnRefused { get; set; }

    /// <summary>An option's field is to be brought into sight.</summary>
    [Parameter] public EventCallback<string> OnReveal { get; set; }

    [Inject] private IRunQueue Queue { get; set; } = null!;
    [Inject] private IRunStore Store { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;

    private bool IsRefused => Failures.Count + Strange.Count > 0;

    private string LaunchText => _launching ? "Launching …" : Form.Seeds.Count > 1 ? $"Launch {Form.Seeds.Count} runs" : "Launch";

    /// <summary>Queues the run, or the runs of all seeds, and goes to where they can be watched.</summary>
    public async Task LaunchAsync()
    {
        if (IsRefused || _launching)
            return;
        (_launching, _problem) = (true, null);
        try
        {
            await Settle();
            if (IsRefused)
            {
                _launching = false;
                return;
            }
            var requests = Form.Requests(PipelineRecord.NewGroup("seeds", Clock));
            var plan = await Queue.SubmitAllAsync([.. requests.Select(request => new WantedRun(request))]);
            // Still launching, until the browser is there: a second click on the way launches nothing again.
            Navigation.NavigateTo(plan.Wanted is [var only] ? $"runs/{only.Spec.Id}" : $"compare/runs?group={plan.Wanted[0].Spec.Group}");
        }
        catch (InvalidRunException error)
        {
            _launching = false;
            await OnRefused.InvokeAsync(error.Failures);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DatasetException)
        {
            (_problem, _launching) = (error.Message, false);
        }
    }

    protected override void OnParametersSet()
    {
        if (_planned == (Form, Revision, IsSound))
            return;
        _planned = (Form, Revision, IsSound);
        (_reportIsOld, _problem) = (true, null);
        _planning?.Cancel();
        if (IsSound)
            _ = PlanAsync();
        else
            _plan = null;
    }

    private async Task PlanAsync()
    {
        using var stop = _planning = new CancellationTokenSource();
        var requests = Form.Requests("seeds");
        try
        {
            await Task.Delay(Pause, Clock, stop.Token);
            await Settle();
            stop.Token.ThrowIfCancellationRequested();
            var settled = await Queue.PlanAsync([.. requests.Select(request => new WantedRun(request))], stop.Token);
            var plan = PlanReport.Of(Form.Method.Name, settled, Store);
            if (!stop.IsCancellationRequested)
                await TakeAsync(plan, []);
        }
        catch (OperationCanceledException)
        {
            // The form has changed meanwhile, or the page was left.
        }
        catch (InvalidRunException error)
        {
            if (!stop.IsCancellationRequested)
                await TakeAsync(null, error.Failures);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DatasetException)
        {
            // The launch itself will say it.
            if (!stop.IsCancellationRequested)
                await TakeAsync(null, []);
        }
        finally
        {
            if (_planning == stop)
                _planning = null;
        }
    }

    private Task TakeAsync(PlanReport? plan, IReadOnlyList<OptionFailure> failures) => InvokeAsync(async () =>
    {
        _plan = plan;
        await OnRefused.InvokeAsync(failures);
        StateHasChanged();
    });

    private async Task DryRunAsync()
    {
        if (_dryRun is not null || Failures.Count > 0)
            return;
        using var stop = new CancellationTokenSource();
        // What is changed while it runs makes its report an old one.
        (_dryRun, _report, _problem, _reportIsOld) = (stop, null, null, false);
        try
        {
            await Settle();
            if (Failures.Count > 0)
                return;
            _report = await Queue.DryRunAsync(Form.Request, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The person cancelled it, or left the page.
        }
        catch (InvalidRunException error)
        {
            await OnRefused.InvokeAsync(error.Failures);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or DatasetException)
        {
            _problem = $"The dry run failed: {error.Message}";
        }
        finally
        {
            _dryRun = null;
        }
    }

    public void Dispose()
    {
        _planning?.Cancel();
        _dryRun?.Cancel();
    }
}
