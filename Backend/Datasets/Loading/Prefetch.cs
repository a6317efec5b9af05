namespace Dashboard.Backend.Datasets.Loading;

/// <summary>Loads items on the thread pool ahead of the consumer, in order.</summary>
public static class Prefetch
{
    /// <param name="ahead">Items loaded or loading at once: the bound on memory.</param>
    /// <exception cref="Exception">What <paramref name="load"/> throws surfaces when its item is reached.</exception>
    public static IEnumerable<TLoaded> Ordered<TItem, TLoaded>(IEnumerable<TItem> items, Func<TItem, TLoaded> load, int ahead)
    {
        var loading = new Queue<Task<TLoaded>>();
        foreach (var item in items)
        {
            loading.Enqueue(Task.Run(() => load(item)));
            if (loading.Count > ahead)
                yield return loading.Dequeue().GetAwaiter().GetResult();
        }
        while (loading.TryDequeue(out var next))
            yield return next.GetAwaiter().GetResult();
    }
}
