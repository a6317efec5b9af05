using System.Diagnostics;
using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Images;

namespace Dashboard.Backend.Datasets.Loading;

/// <summary>
/// Decodes and augments images on background threads ahead of the training thread. The order of an epoch follows from (seed, epoch), the augmentation
/// of an image from (seed, epoch, position): batches are the same with any number of threads, and after a resume.
/// </summary>
public sealed class BatchLoader
{
    // Keys of the random streams, so that order and augmentation never share one.
    private const long OrderStream = 1;
    private const long AugmentationStream = 2;

    /// <summary>Where the number is chosen: no network trains so fast that it needed more.</summary>
    private const int MostThreads = 16;

    private readonly IReadOnlyList<Sample> _samples;
    private readonly int _classes;
    private readonly ExampleMaker _maker;
    private readonly BatchLoaderOptions _options;
    private readonly DecodedCache _cache;
    private readonly BufferPool _buffers;
    private TimeSpan _waited;
    private EpochOrder? _order;

    /// <summary>Batches of images and tags.</summary>
    /// <param name="classes">K, the number of foreground classes.</param>
    /// <exception cref="DatasetException">There are fewer images than one batch needs.</exception>
    public BatchLoader(IReadOnlyList<Sample> samples, int classes, IAugmentation augmentation, BatchLoaderOptions options)
        : this(samples, classes, new ImageMaker(augmentation, options.ReducedDecoding), options)
    {
    }

    /// <summary>Batches with a label map an image, and saliency where the sources have it.</summary>
    /// <inheritdoc cref="BatchLoader(IReadOnlyList{Sample}, int, IAugmentation, BatchLoaderOptions)"/>
    public BatchLoader(IReadOnlyList<Sample> samples, int classes, ILabelledAugmentation augmentation, LabelSources sources,
        BatchLoaderOptions options)
        : this(samples, classes, new LabelledMaker(augmentation, sources), options)
    {
    }

    /// <summary>Batches of whatever the maker makes of an image.</summary>
    /// <inheritdoc cref="BatchLoader(IReadOnlyList{Sample}, int, IAugmentation, BatchLoaderOptions)"/>
    internal BatchLoader(IReadOnlyList<Sample> samples, int classes, ExampleMaker maker, BatchLoaderOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Prefetch);
        (_samples, _classes, _maker, _options) = (samples, classes, maker, options);
        Threads = options.Threads > 0 ? options.Threads : Math.Clamp(Environment.ProcessorCount - 1, 1, MostThreads);
        _cache = new(options.CacheBytes);
        _buffers = new(options.BatchSize * maker.ImageLength);
        StepsPerEpoch = options.DropLast ? samples.Count / options.BatchSize : (samples.Count + options.BatchSize - 1) / options.BatchSize;
        if (StepsPerEpoch == 0)
            throw new DatasetException(
                $"batchSize: {options.BatchSize} is more than the {samples.Count} images that there are to train on. Choose a smaller batch, or "
                + "more images.");
    }

    public int StepsPerEpoch { get; }

    public int BatchSize => _options.BatchSize;

    /// <summary>That decode and augment.</summary>
    public int Threads { get; }

    /// <summary>How long the consumer has waited for batches in all: next to nothing on a healthy disk with enough threads.</summary>
    public TimeSpan Waited => _waited;

    /// <summary>
    /// Called with an image's name when it has been decoded and augmented, on the thread that did it, with the
    /// <see cref="Stopwatch.GetTimestamp"/> of beginning and end. Null costs nothing.
    /// </summary>
    public Action<string, long, long>? Watch { get; set; }

    /// <summary>Bytes of decoded images and label maps in memory.</summary>
    public long CachedBytes => _cache.Bytes;

    /// <summary>
    /// The batches of epochs <paramref name="startEpoch"/> to <paramref name="epochs"/> - 1, beginning with batch <paramref name="startStep"/> of the
    /// first one; epochs flow into each other without a pause. The threads end with the enumeration, however it ends. Dispose every batch.
    /// </summary>
    /// <exception cref="DatasetException">An image cannot be read: names the file. Batches before it have been delivered.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was signalled.</exception>
    public IEnumerable<Batch> Read(int epochs, int startEpoch = 0, int startStep = 0, CancellationToken cancellation = default)
    {
        var first = (long)startEpoch * StepsPerEpoch + startStep;
        var end = (long)epochs * StepsPerEpoch;
        using var queue = new BatchQueue(first, end, _options.Prefetch, Threads, Plan, Fill);
        for (var step = first; step < end; step++)
        {
            var asked = Stopwatch.GetTimestamp();
            var batch = queue.Take(cancellation);
            _waited += Stopwatch.GetElapsedTime(asked);
            if (batch.Count == 0)
                throw new DatasetException(
                    $"None of the {_options.BatchSize} images of a batch could be read. Restore them; the data set check lists those of a split.");
            yield return batch;
        }
    }

    /// <summary>The positions in stored order that an epoch visits.</summary>
    public int[] Order(int epoch)
    {
        var order = Enumerable.Range(0, _samples.Count).ToArray();
        if (_options.Shuffle)
            new RandomStream(_options.Seed, OrderStream, epoch).Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>An empty batch for a step counted over all epochs, with the samples that belong in it.</summary>
    private BatchPlan Plan(long globalStep)
    {
        var (epoch, step) = ((int)(globalStep / StepsPerEpoch), (int)(globalStep % StepsPerEpoch));
        var order = _order;
        if (order?.Epoch != epoch)
            _order = order = new(epoch, Order(epoch));
        var start = step * _options.BatchSize;
        var count = Math.Min(_options.BatchSize, _samples.Count - start);
        return new(new Batch(epoch, step, count, _maker, _classes, _buffers), order.Positions.AsSpan(start, count).ToArray());
    }

    /// <summary>Decodes and augments image <paramref name="index"/> of a batch.</summary>
    /// <returns>False where the image is left out.</returns>
    private bool Fill(BatchPlan plan, int index)
    {
        var batch = plan.Batch;
        var sample = _samples[plan.Samples[index]];
        var position = (long)batch.Step * _options.BatchSize + index;
        var (watch, began) = (Watch, Watch is null ? 0 : Stopwatch.GetTimestamp());
        try
        {
            _maker.Make(sample, _cache, new RandomStream(_options.Seed, AugmentationStream, batch.Epoch, position), batch, index);
        }
        catch (ImageException error) when (_options.CorruptImages == CorruptImagePolicy.Skip)
        {
            _options.Warn?.Invoke($"Left out of epoch {batch.Epoch + 1}: {error.Message}");
            return false;
        }
        catch (ImageException error)
        {
            throw new DatasetException(
                $"{error.Message} Replace the image with a sound copy, or take it off the list; "
                + "the data set check lists all such files of a split.", error);
        }
        watch?.Invoke(sample.Id, began, Stopwatch.GetTimestamp());
        batch.Ids[index] = sample.Id;
        batch.Positions[index] = plan.Samples[index];
        foreach (var tag in sample.Tags)
            batch.Tags[index * _classes + tag] = 1;
        return true;
    }

    private sealed record EpochOrder(int Epoch, int[] Positions);
}
