using System.Collections.Concurrent;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Loading;

/// <summary>Keeps decoded images until a bound is reached; what comes later is decoded every time. Thread-safe.</summary>
internal sealed class DecodedImageCache(long maxBytes)
{
    private readonly ConcurrentDictionary<string, ImageBuffer> _images = new();
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <exception cref="ImageException">The file is not an image.</exception>
    public ImageBuffer ReadRgb(Sample sample)
    {
        if (_images.TryGetValue(sample.ImagePath, out var known))
            return known;
        var image = sample.ReadRgb();
        if (Interlocked.Add(ref _bytes, image.Pixels.LongLength) > maxBytes || !_images.TryAdd(sample.ImagePath, image))
            Interlocked.Add(ref _bytes, -image.Pixels.LongLength);
        return image;
    }
}
