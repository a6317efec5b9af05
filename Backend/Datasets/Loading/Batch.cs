using System.Collections.Concurrent;

namespace Dashboard.Backend.Datasets.Loading;

/// <summary>
/// Images, tags and, where a network learns from pixels, label maps of one training step, as plain arrays of exactly the stated lengths.
/// </summary>
public sealed class Batch : IDisposable
{
    private readonly BufferPool _pool;
    private bool _disposed;

    internal Batch(int epoch, int step, int count, ExampleMaker maker, int classes, BufferPool pool)
    {
        (Epoch, Step, Count, _pool) = (epoch, step, count, pool);
        Images = pool.Rent(count * maker.ImageLength);
        LabelMaps = new byte[count * maker.LabelLength];
        Saliency = new byte[count * maker.SaliencyLength];
        Tags = new float[count * classes];
        Ids = new string[count];
        Positions = new int[count];
    }

    /// <summary>0-based.</summary>
    public int Epoch { get; }

    /// <summary>0-based within the epoch.</summary>
    public int Step { get; }

    /// <summary>Images in the batch: fewer in the last one of an epoch, and where corrupt images were skipped.</summary>
    public int Count { get; private set; }

    /// <summary><c>[Count, C, H, W]</c></summary>
    public float[] Images { get; private set; }

    /// <summary>Image tags, multi-hot, <c>[Count, K]</c>.</summary>
    public float[] Tags { get; private set; }

    /// <summary>0 background, k+1, 255 ignore, <c>[Count, H, W]</c>; empty where the loader has no label maps.</summary>
    public byte[] LabelMaps { get; private set; }

    /// <summary>0..255, <c>[Count, H, W]</c>; empty where the loader has no saliency.</summary>
    public byte[] Saliency { get; private set; }

    public string[] Ids { get; private set; }

    /// <summary>Where the images stand in the list that the loader was given.</summary>
    public int[] Positions { get; private set; }

    /// <summary>What training has made of the images ahead of the step; goes with the batch.</summary>
    internal IDisposable? OnDevice { get; set; }

    /// <summary>Gives the images' buffer back, to be filled again: copy it to a tensor first.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        OnDevice?.Dispose();
        _pool.Return(Images);
    }

    /// <summary>Leaves the other images out, keeping the order.</summary>
    internal void Keep(IReadOnlyList<bool> isGood)
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(i => isGood[i])];
        if (kept.Length == Count)
            return;
        Images = Rows(Images, kept);
        LabelMaps = Rows(LabelMaps, kept);
        Saliency = Rows(Saliency, kept);
        Tags = Rows(Tags, kept);
        Ids = Rows(Ids, kept);
        Positions = Rows(Positions, kept);
        Count = kept.Length;
    }

    private T[] Rows<T>(T[] values, int[] kept)
    {
        var length = values.Length / Count;
        return [.. kept.SelectMany(row => values.AsSpan(row * length, length).ToArray())];
    }
}

/// <summary>
/// Image buffers of full batches, used again and again: new ones of this size would each have to be cleared and collected. Thread-safe.
/// </summary>
internal sealed class BufferPool(int length)
{
    private readonly ConcurrentBag<float[]> _free = [];

    public float[] Rent(int wanted) => wanted == length && _free.TryTake(out var buffer) ? buffer : new float[wanted];

    public void Return(float[] buffer)
    {
        if (buffer.Length == length)
            _free.Add(buffer);
    }
}
