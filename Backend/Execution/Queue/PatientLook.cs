using Dashboard.Backend.Runs;

namespace Dashboard.Backend.Execution.Queue;

/// <summary>
/// Looks at files on behalf of somebody who waits: no longer than a limit, and on a thread of its own. A named pipe, or a network drive that is gone,
/// holds a reader for ever; it then holds that thread alone.
/// </summary>
internal sealed class PatientLook(TimeSpan limit, TimeProvider time)
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    /// <summary>Threads that may hang before nobody else is let in.</summary>
    private const int Most = 16;

    private int _open;

    /// <param name="what">What is looked at: "the data set voc". For the message.</param>
    /// <exception cref="InvalidRunException">It took too long, or too many look already.</exception>
    public async Task<T> TakeAsync<T>(string what, Func<T> look, CancellationToken stop)
    {
        if (Interlocked.Increment(ref _open) > Most)
        {
            Interlocked.Decrement(ref _open);
            throw new InvalidRunException("dataset",
                $"{Most} launches still wait for files that do not answer. Check the drives that your data sets lie on, then restart the dashboard.");
        }
        var looking = Task.Factory.StartNew(look, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _ = looking.ContinueWith(done => (done.Exception, Interlocked.Decrement(ref _open)), TaskScheduler.Default);
        try
        {
            return await looking.WaitAsync(limit, time, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new InvalidRunException("dataset",
                $"The files of {what} could not be read within {limit.TotalSeconds:0} s. Is one of them a named pipe, or on a network drive that "
                + "does not answer? Check them, then launch the run again.");
        }
    }
}
