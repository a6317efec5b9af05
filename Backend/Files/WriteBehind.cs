namespace Dashboard.Backend.Files;

/// <summary>Writes on the thread pool while the caller goes on: a bounded number of files at a time.</summary>
/// <param name="most">Files that wait or are being written.</param>
public sealed class WriteBehind(int most) : IDisposable
{
    private readonly Queue<Task> _writing = new();

    /// <exception cref="IOException">An earlier file could not be written.</exception>
    public void Add(Action write)
    {
        _writing.Enqueue(Task.Run(write));
        if (_writing.Count > most)
            _writing.Dequeue().GetAwaiter().GetResult();
    }

    /// <summary>Waits until all is written.</summary>
    /// <exception cref="IOException">A file could not be written.</exception>
    public void Finish()
    {
        while (_writing.TryDequeue(out var next))
            next.GetAwaiter().GetResult();
    }

    /// <summary>Waits for what is being written; its failures are lost, for another one has ended the work.</summary>
    public void Dispose() => Task.WhenAll(_writing).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
}
