using System.Runtime.ExceptionServices;

namespace Dashboard.Backend.Datasets.Loading;

/// <summary>A batch under way. Changed under the queue's lock only.</summary>
/// <param name="Samples">Positions of its images in the data set.</param>
internal sealed record BatchPlan(Batch Batch, int[] Samples)
{
    /// <summary>False for images that are left out.</summary>
    public bool[] IsGood { get; } = new bool[Samples.Length];

    public int Started { get; set; }
    public int Finished { get; set; }

    /// <summary>The failure of the earliest image, so that the message does not depend on thread timing.</summary>
    public (int Image, ExceptionDispatchInfo Error)? Failure { get; set; }
}

/// <summary>
/// Threads that fill batches image by image, a bounded number of batches ahead of the consumer, who takes them in order. A failure waits in its batch
/// until the consumer gets there.
/// </summary>
internal sealed class BatchQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<BatchPlan> _ahead = new();
    private readonly Func<long, BatchPlan> _plan;
    private readonly Func<BatchPlan, int, bool> _fill;
    private readonly long _end;
    private readonly int _prefetch;
    private readonly Thread[] _threads;
    private long _nextBatch;
    private BatchPlan? _newest;
    private ExceptionDispatchInfo? _failure;
    private bool _stopping;

    /// <param name="plan">Makes the batch of a step; called for one step after the other.</param>
    /// <param name="fill">Fills one image of a batch; called from several threads. False: the image is left out.</param>
    public BatchQueue(long first, long end, int prefetch, int threads, Func<long, BatchPlan> plan, Func<BatchPlan, int, bool> fill)
    {
        (_nextBatch, _end, _prefetch, _plan, _fill) = (first, end, prefetch, plan, fill);
        _threads = [.. Enumerable.Range(1, threads).Select(number => new Thread(Work) { IsBackground = true, Name = $"batch loader {number}" })];
        foreach (var thread in _threads)
            thread.Start();
    }

    /// <summary>The next batch in order; waits until it is whole.</summary>
    public Batch Take(CancellationToken cancellation)
    {
        BatchPlan plan;
        using (cancellation.Register(WakeAll))
        {
            lock (_gate)
            {
                while (!_ahead.TryPeek(out plan!) || plan.Finished < plan.Samples.Length)
                {
                    cancellation.ThrowIfCancellationRequested();
                    _failure?.Throw();
                    Monitor.Wait(_gate);
                }
                _ahead.Dequeue();
                Monitor.PulseAll(_gate);
            }
        }

        if (plan.Failure is { } failure)
        {
            plan.Batch.Dispose();
            failure.Error.Throw();
        }
        plan.Batch.Keep(plan.IsGood);
        return plan.Batch;
    }

    /// <summary>Ends the threads, and waits until they are gone.</summary>
    public void Dispose()
    {
        lock (_gate)
            _stopping = true;
        WakeAll();
        foreach (var thread in _threads)
            thread.Join();
        foreach (var plan in _ahead)
            plan.Batch.Dispose();
    }

    private void Work()
    {
        try
        {
            while (NextImage() is var (plan, image))
                Finish(plan, image);
        }
        catch (Exception error)
        {
            // None of this is expected; the consumer gets it all the same, for a thread that dies takes the process with it.
            lock (_gate)
                _failure ??= ExceptionDispatchInfo.Capture(error);
            WakeAll();
        }
    }

    /// <summary>Hands out the next image, beginning a new batch where there is room for one; null when all is done.</summary>
    private (BatchPlan Plan, int Image)? NextImage()
    {
        lock (_gate)
        {
            while (!_stopping)
            {
                if (_newest is { } plan && plan.Started < plan.Samples.Length)
                    return (plan, plan.Started++);
                if (_nextBatch == _end)
                    return null;
                if (_ahead.Count < _prefetch)
                    _ahead.Enqueue(_newest = _plan(_nextBatch++));
                else
                    Monitor.Wait(_gate);
            }
            return null;
        }
    }

    private void Finish(BatchPlan plan, int image)
    {
        var isGood = false;
        ExceptionDispatchInfo? failure = null;
        try
        {
            isGood = _fill(plan, image);
        }
        catch (Exception error)
        {
            failure = ExceptionDispatchInfo.Capture(error);
        }
        lock (_gate)
        {
            plan.IsGood[image] = isGood;
            plan.Finished++;
            if (failure is not null && (plan.Failure is not { } known || image < known.Image))
                plan.Failure = (image, failure);
            if (plan.Finished == plan.Samples.Length)
                Monitor.PulseAll(_gate);
        }
    }

    private void WakeAll()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}
