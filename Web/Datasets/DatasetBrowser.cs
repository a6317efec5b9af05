using Dashboard.Backend.Datasets;
using Microsoft.Extensions.Caching.Memory;

namespace Dashboard.Web.Datasets;

/// <summary>Opens data sets by name for looking at them; lists stay in memory for a while, because a page of thumbnails asks for one image at a time.</summary>
public sealed class DatasetBrowser(DatasetCatalog catalog, IMemoryCache cache)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <exception cref="DatasetException">There is no such name, or it is not as it should be.</exception>
    public IImageDataset Open(string name, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        if (Path.IsPathRooted(name))
            throw new DatasetException($"'{name}' is a path. Register the folder first, under a name.");
        return Remember((nameof(Open), name, ""), () => catalog.Open(name, progress, stop));
    }

    /// <exception cref="DatasetException">No such split, or its list cannot be read.</exception>
    public IReadOnlyList<Sample> Samples(string name, string split) => Remember((nameof(Samples), name, split), () => Open(name).Samples(split));

    /// <returns>Null where the split has no such image.</returns>
    /// <exception cref="DatasetException">No such data set or split.</exception>
    public Sample? Find(string name, string split, string id) =>
        Remember((nameof(Find), name, split), () => Samples(name, split).DistinctBy(sample => sample.Id).ToDictionary(sample => sample.Id)).GetValueOrDefault(id);

    private T Remember<T>((string, string, string) key, Func<T> read)
        where T : class =>
        cache.GetOrCreate(key, entry =>
        {
            entry.SlidingExpiration = Kept;
            return read();
        })!;
}
