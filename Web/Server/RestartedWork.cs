namespace Dashboard.Web.Server;

/// <summary>
/// Work that goes on beside the requests for as long as the server runs. What it throws is logged, and it is started again: after a second, then
/// after ever longer pauses, so that a lasting cause does not fill the log.
/// </summary>
/// <param name="name">In the log: "queue of runs".</param>
/// <param name="work">Returns only when it is told to stop.</param>
public sealed class RestartedWork(string name, Func<CancellationToken, Task> work, TimeProvider time, ILogger<RestartedWork> logger)
    : BackgroundService
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (true)
        {
            var began = time.GetTimestamp();
            if (await FailureAsync(stoppingToken) is not { } failure || stoppingToken.IsCancellationRequested)
                return;
            // After a long time of good work the next failure is a new one.
            if (time.GetElapsedTime(began) > LongestPause)
                pause = FirstPause;
            logger.LogError(failure, "The {Work} stopped and is started again in {Pause:0} s: {Reason}", name, pause.TotalSeconds, failure.Message);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
        }
    }

    private async Task<Exception?> FailureAsync(CancellationToken stop)
    {
        try
        {
            await work(stop);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }
}

internal static class RestartedWorkSetup
{
    public static void AddRestartedWork(this IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, Task>> work) =>
        services.AddSingleton<IHostedService>(provider =>
            new RestartedWork(name, stop => work(provider)(stop), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RestartedWork>>()));
}
