using System.Buffers;

namespace Dashboard.Backend.Datasets;

/// <summary>
/// Images and tags of one training step, as plain arrays. Disposing gives the buffers back, after which their content changes: copy them to a tensor first.
/// Buffers come from a pool and may be longer than their content.
/// </summary>
public sealed class Batch : IDisposable
{
    private bool _disposed;

    internal Batch(int epoch, int step, int capacity, int imageLength, int classes)
    {
        (Epoch, Step, ImageLength, Classes) = (epoch, step, imageLength, classes);
        Images = ArrayPool<float>.Shared.Rent(capacity * imageLength);
        Labels = new float[capacity * classes];
        Ids = new string[capacity];
        Count = capacity;
    }

    /// <summary>0-based.</summary>
    public int Epoch { get; }

    /// <summary>0-based within the epoch.</summary>
    public int Step { get; }

    /// <summary><c>[Count, C, H, W]</c>; use the first <c>Count * ImageLength</c> values.</summary>
    public float[] Images { get; }

    /// <summary>Multi-hot, <c>[Count, K]</c>; use the first <c>Count * K</c> values.</summary>
    public float[] Labels { get; }

    /// <summary>The first <see cref="Count"/> are this batch's.</summary>
    public string[] Ids { get; }

    /// <summary>Images in the batch: the last batch of an epoch may be smaller, and so is one that corrupt images were skipped in.</summary>
    public int Count { get; private set; }

    /// <summary>C * H * W.</summary>
    public int ImageLength { get; }

    /// <summary>K.</summary>
    public int Classes { get; }

    public ReadOnlySpan<float> ImageSpan => Images.AsSpan(0, Count * ImageLength);

    public ReadOnlySpan<float> LabelSpan => Labels.AsSpan(0, Count * Classes);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        ArrayPool<float>.Shared.Return(Images);
    }

    /// <summary>Closes the gaps that skipped images have left, keeping the order.</summary>
    internal void Keep(IReadOnlyList<bool> isGood)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!isGood[i])
                continue;
            if (kept != i)
            {
                Array.Copy(Images, i * ImageLength, Images, kept * ImageLength, ImageLength);
                Array.Copy(Labels, i * Classes, Labels, kept * Classes, Classes);
                Ids[kept] = Ids[i];
            }
            kept++;
        }
        Count = kept;
    }
}
