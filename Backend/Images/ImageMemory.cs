namespace Dashboard.Backend.Images;

/// <summary>
/// One budget for all images that a process decodes, whoever asks: what does not fit beside the others waits its turn, in the order of asking.
/// An image that is larger than the whole budget is decoded alone. Thread-safe.
/// </summary>
/// <param name="budget">Bytes.</param>
/// <param name="patience">How long an image may wait.</param>
/// <param name="collect">Frees what has been let go. Null: a full collection.</param>
public sealed class ImageMemory(long budget, TimeSpan patience, Action? collect = null)
{
    /// <summary>Images of this size are seldom followed by others, so nothing else would trigger their collection.</summary>
    private const long Large = 64L << 20;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static Scope? _scope;

    private readonly Action _collect = collect ?? (() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true));
    private readonly object _gate = new();
    private readonly LinkedList<object> _waiting = new();
    private Timer? _settle;
    private long _held;
    private long _freed;
    private int _collections;

    /// <summary>The process's own.</summary>
    public static ImageMemory Shared { get; } = new(512L << 20, TimeSpan.FromSeconds(60));

    /// <summary>Bytes that are counted now.</summary>
    public long Held
    {
        get
        {
            lock (_gate)
                return _held;
        }
    }

    /// <summary>
    /// Until it is disposed, what this thread decodes stays counted after it has been decoded: wrap the whole work on an image and its maps.
    /// </summary>
    public IDisposable Open() => _scope is null ? _scope = new(this) : Scope.Inner;

    /// <summary>Takes memory until the turn is disposed, waiting for it where need be.</summary>
    /// <param name="name">Of the image, for messages.</param>
    /// <param name="peak">Bytes that decoding takes, at most.</param>
    /// <exception cref="ImageException">It has waited too long.</exception>
    public Turn Take(string name, long peak)
    {
        var scope = _scope?.Memory == this ? _scope : null;
        lock (_gate)
        {
            // A thread that already holds memory does not wait: two that wait for each other would wait for ever.
            if (scope is not { Kept: > 0 } && (_waiting.Count > 0 || !Fits(peak)))
                Wait(name, peak);
            _held += peak;
            CollectWhereNeeded();
        }
        return new(this, scope, peak);
    }

    private bool Fits(long bytes) => _held == 0 || _held + bytes <= budget;

    private void Wait(string name, long bytes)
    {
        var until = DateTime.UtcNow + patience;
        var place = _waiting.AddLast(new object());
        try
        {
            while (_waiting.First != place || !Fits(bytes))
            {
                if (until - DateTime.UtcNow is var left && left <= TimeSpan.Zero)
                    throw new ImageException(
                        $"{name} was not read: for {patience.TotalSeconds:0} s other images have filled the {budget >> 20} MB that images may "
                        + "take. Try again.");
                Monitor.Wait(_gate, left);
            }
        }
        finally
        {
            _waiting.Remove(place);
            Monitor.PulseAll(_gate);
        }
    }

    private void Release(long bytes)
    {
        lock (_gate)
        {
            _held -= bytes;
            _freed += bytes;
            if (bytes >= Large)
                (_settle ??= new Timer(_ => Settle())).Change(Quiet, Timeout.InfiniteTimeSpan);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Large arrays are collected late: what is let go counts until the collector has been there.</summary>
    private void CollectWhereNeeded()
    {
        if (GC.CollectionCount(GC.MaxGeneration) is var count && count != _collections)
            (_collections, _freed) = (count, 0);
        if (_freed == 0 || _held + _freed <= budget)
            return;
        _collect();
        (_collections, _freed) = (GC.CollectionCount(GC.MaxGeneration), 0);
    }

    /// <summary>Gives the memory of large images back to the system when no others have come.</summary>
    private void Settle()
    {
        lock (_gate)
        {
            if (_held > 0)
                return;
            _freed = 0;
        }
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Memory that one decoding has taken.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly ImageMemory _memory;
        private readonly Scope? _work;
        private readonly long _peak;
        private long _kept;

        internal Turn(ImageMemory memory, Scope? work, long peak) => (_memory, _work, _peak) = (memory, work, peak);

        /// <summary>Says how much the result takes: counted on where the thread's work goes on with it.</summary>
        public T Keep<T>(T result, long bytes)
        {
            _kept = _work is null ? 0 : bytes;
            return result;
        }

        public void Dispose()
        {
            _memory.Release(_peak - _kept);
            if (_work is not null)
                _work.Kept += _kept;
        }
    }

    internal sealed class Scope(ImageMemory? memory) : IDisposable
    {
        /// <summary>Opened inside another, which counts for both.</summary>
        public static Scope Inner { get; } = new(null);

        public ImageMemory? Memory { get; } = memory;

        public long Kept { get; set; }

        public void Dispose()
        {
            if (Memory is null)
                return;
            _scope = null;
            Memory.Release(Kept);
            Kept = 0;
        }
    }
}
