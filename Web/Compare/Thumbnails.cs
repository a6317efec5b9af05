using Dashboard.Backend.Datasets;
using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Pictures;
using Microsoft.Extensions.Caching.Memory;

namespace Dashboard.Web.Compare;

/// <summary>Small pictures for the grid: an image under the labels of one source. The last ones asked for stay in memory.</summary>
public sealed class Thumbnails(CompareCatalog catalog) : IDisposable
{
    private const int Side = 192;

    /// <summary>Some 10,000 of them.</summary>
    private const long CacheBytes = 64 << 20;

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = CacheBytes });

    /// <returns>A JPEG.</returns>
    /// <exception cref="ImageException">The image or the label map cannot be read.</exception>
    /// <exception cref="InvalidDataException">The soft maps cannot be read.</exception>
    public byte[] Make(CompareSplit images, SourceKey source, Sample sample, double? threshold) =>
        _cache.GetOrCreate((images, source, sample.Id, threshold), entry =>
        {
            var jpeg = LabelOverlay.Draw(sample.ReadReduced(Side), catalog.Labels(source, sample, threshold),
                catalog.Dataset(images).Classes.LabelNames, Side);
            entry.Size = jpeg.Length;
            return jpeg;
        })!;

    public void Dispose() => _cache.Dispose();
}
