using System.Collections.Concurrent;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Loading;

/// <summary>Keeps what was decoded until a bound is reached; what comes later is decoded every time. Thread-safe.</summary>
internal sealed class DecodedCache(long maxBytes)
{
    private readonly ConcurrentDictionary<(string Path, string What), object> _known = new();
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <exception cref="ImageException">The file is no image.</exception>
    /// <param name="reduction">As of <see cref="SampleImage.ReadRgb"/>; always the same for one cache.</param>
    public ImageBuffer Image(Sample sample, Func<ImageSize, int>? reduction = null) =>
        Get(sample, "image", () => sample.ReadRgb(reduction), image => image.Pixels.LongLength);

    /// <param name="what">Of the image: "labels".</param>
    /// <param name="size">Bytes of what was read.</param>
    public T Get<T>(Sample sample, string what, Func<T> read, Func<T, long> size) where T : class
    {
        var key = (sample.ImagePath, what);
        if (_known.TryGetValue(key, out var known))
            return (T)known;
        var value = read();
        if (Interlocked.Add(ref _bytes, size(value)) > maxBytes || !_known.TryAdd(key, value))
            Interlocked.Add(ref _bytes, -size(value));
        return value;
    }
}
