using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods;

namespace Dashboard.Web.Launch;

/// <summary>
/// A form's launch: planned anew whenever the form has changed, refused with all that is wrong, and started once. For one page's circuit.
/// </summary>
/// <param name="changed">There is something new to show.</param>
public sealed class PlannedLaunch<TPlan>(Action changed) : IDisposable where TPlan : class
{
    private CancellationTokenSource? _planning;
    private string? _form;

    /// <summary>Null while nothing can be launched.</summary>
    public TPlan? Plan { get; private set; }

    public IReadOnlyList<OptionFailure> Failures { get; private set; } = [];

    /// <summary>What has gone wrong and is not the form's fault; null where nothing has.</summary>
    public string? Problem { get; private set; }

    public bool IsPlanning => _planning is not null;
    public bool IsLaunching { get; private set; }

    /// <summary>Of the option's field; null where nothing is wrong with it.</summary>
    public string? FailureOf(string option) => Failures.FirstOrDefault(failure => failure.Option == option)?.Message;

    /// <summary>Plans, unless the form is the one that was planned last.</summary>
    /// <param name="form">All that the plan follows from.</param>
    public Task FollowAsync(string form, Func<CancellationToken, Task<TPlan>> plan)
    {
        if (_form == form)
            return Task.CompletedTask;
        _form = form;
        return PlanAsync(plan);
    }

    /// <summary>Plans anew; a plan that is still being made is given up.</summary>
    /// <param name="plan">May throw what a launch is refused with.</param>
    public async Task PlanAsync(Func<CancellationToken, Task<TPlan>> plan)
    {
        _planning?.Cancel();
        using var planning = _planning = new CancellationTokenSource();
        Problem = null;
        try
        {
            var made = await plan(planning.Token);
            if (!planning.IsCancellationRequested)
                (Plan, Failures) = (made, []);
        }
        catch (OperationCanceledException)
        {
            // The form has changed meanwhile, or the page was left.
        }
        catch (Exception error) when (IsRefusal(error))
        {
            if (!planning.IsCancellationRequested)
            {
                Plan = null;
                Say(error);
            }
        }
        finally
        {
            if (_planning == planning)
            {
                _planning = null;
                changed();
            }
        }
    }

    /// <summary>Launches what was planned, and goes to where it can be watched; a second click meanwhile launches nothing.</summary>
    public async Task LaunchAsync(Func<Task> launch)
    {
        if (Plan is null || IsLaunching)
            return;
        IsLaunching = true;
        try
        {
            // Still launching when this is done: the browser is on its way to the next page.
            await launch();
        }
        catch (Exception error) when (IsRefusal(error))
        {
            IsLaunching = false;
            Say(error);
        }
    }

    private void Say(Exception error)
    {
        Failures = error is InvalidRunException invalid ? invalid.Failures : [];
        Problem = error is InvalidRunException ? null : error.Message;
    }

    private static bool IsRefusal(Exception error) =>
        error is InvalidRunException or DatasetException or IOException or UnauthorizedAccessException;

    public void Dispose() => _planning?.Cancel();
}
