using Dashboard.Backend.Datasets.Check;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Preview;

/// <summary>Sizes of images and labels of masks, image by image. Thread-safe.</summary>
internal sealed class PixelCounts
{
    private readonly Lock _lock = new();
    private readonly long[] _pixels = new long[256];
    private long _total;

    /// <summary>By pixels; of equal ones the narrower. Null before the first image.</summary>
    public ImageSize? Smallest { get; private set; }

    /// <inheritdoc cref="Smallest"/>
    public ImageSize? Largest { get; private set; }

    /// <summary>0..1 of all pixels; null where there are none.</summary>
    public double? Share(byte label) => _total == 0 ? null : (double)_pixels[label] / _total;

    /// <summary>Of the image only the header is read. What cannot be read is reported and left out.</summary>
    public void Add(Sample sample, Action<DatasetProblem> report)
    {
        using var memory = ImageMemory.Shared.Open();
        if (SampleFile.TryRead(sample.ImagePath, () => new Known(sample.ReadSize()), error => DatasetProblem.OfImage(sample, error),
            report) is not { Size: var size })
            return;
        lock (_lock)
        {
            Smallest = Smallest is { } smallest && Order(smallest).CompareTo(Order(size)) <= 0 ? smallest : size;
            Largest = Largest is { } largest && Order(largest).CompareTo(Order(size)) >= 0 ? largest : size;
        }
        if (sample.MaskPath is null
            || SampleFile.TryRead(sample.MaskPath, sample.ReadTruth, error => DatasetProblem.OfMask(sample, error), report) is not { } mask)
            return;
        if ((mask.Width, mask.Height) != (size.Width, size.Height))
            report(DatasetProblem.Error(sample.MaskPath,
                $"{(sample.Drawn is null ? "is" : $"gives {sample.Id}")} {mask.Width}x{mask.Height}, but its image is {size.Width}x{size.Height}",
                "Make the mask again at the image's size."));
        var counts = new long[256];
        foreach (var label in mask.Labels)
            counts[label]++;
        lock (_lock)
        {
            for (var label = 0; label < counts.Length; label++)
                _pixels[label] += counts[label];
            _total += mask.Labels.LongLength;
        }
    }

    private static (long Pixels, int Width) Order(ImageSize size) => ((long)size.Width * size.Height, size.Width);

    private sealed record Known(ImageSize Size);
}
