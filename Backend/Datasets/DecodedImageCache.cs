using System.Collections.Concurrent;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets;

/// <summary>Keeps decoded images until a bound is reached; what comes later is decoded every time. Thread-safe.</summary>
internal sealed class DecodedImageCache(long maxBytes)
{
    private readonly ConcurrentDictionary<string, ImageBuffer> _images = new();
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <exception cref="ImageException">The file is no image.</exception>
    public ImageBuffer ReadRgb(string path)
    {
        if (_images.TryGetValue(path, out var known))
            return known;
        var image = ImageFile.ReadRgb(path);
        if (Interlocked.Add(ref _bytes, image.Pixels.LongLength) > maxBytes || !_images.TryAdd(path, image))
            Interlocked.Add(ref _bytes, -image.Pixels.LongLength);
        return image;
    }
}
