using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Preview;
using Dashboard.Web.Access;
using Microsoft.Extensions.Caching.Memory;

namespace Dashboard.Web.Datasets;

/// <summary>
/// Opens data sets by name for looking at them; lists stay in memory for a while, because a page of thumbnails asks for one image at a time.
/// </summary>
public sealed class DatasetBrowser(DatasetCatalog catalog, AllowedRoots roots, IMemoryCache cache) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _previewing = new(1);

    /// <param name="name">Or the absolute folder that a run was given.</param>
    /// <exception cref="DatasetException">There is no such name, the folder lies where pages may not look, or it is not as it should be.</exception>
    public IImageDataset Open(string name, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        if (Path.IsPathRooted(name) && roots.Refuse(name) is { } refused)
            throw new DatasetException(refused);
        return Remember((nameof(Open), name, ""), () => catalog.Open(name, progress, stop));
    }

    /// <inheritdoc cref="DatasetCatalog.Canonical"/>
    public string Canonical(string name) => catalog.Canonical(name);

    /// <exception cref="DatasetException">No such split, or its list cannot be read.</exception>
    public IReadOnlyList<Sample> Samples(string name, string split) => Remember((nameof(Samples), name, split), () => Open(name).Samples(split));

    /// <returns>Null where the split has no such image.</returns>
    /// <exception cref="DatasetException">No such data set or split.</exception>
    public Sample? Find(string name, string split, string id) =>
        Remember((nameof(Find), name, split), () => Samples(name, split).DistinctBy(sample => sample.Id).ToDictionary(sample => sample.Id))
            .GetValueOrDefault(id);

    /// <summary>What was read of a data set. One preview is made at a time: each opens hundreds of images, on all cores.</summary>
    /// <exception cref="DatasetException">As of <see cref="Open"/>.</exception>
    public async Task<DatasetPreview> PreviewAsync(string name, IProgress<WorkProgress>? progress = null, CancellationToken stop = default)
    {
        await _previewing.WaitAsync(stop);
        try
        {
            return await Task.Run(
                () => Remember((nameof(PreviewAsync), name, ""), () => PreviewMaker.Make(Open(name, progress, stop), progress, stop)), stop);
        }
        finally
        {
            _previewing.Release();
        }
    }

    public void Dispose() => _previewing.Dispose();

    private T Remember<T>((string, string, string) key, Func<T> read)
        where T : class =>
        cache.GetOrCreate(key, entry =>
        {
            entry.SlidingExpiration = Kept;
            return read();
        })!;
}
