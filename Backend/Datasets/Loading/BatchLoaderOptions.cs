namespace Dashboard.Backend.Datasets.Loading;

/// <summary>What happens when an image cannot be read in the middle of an epoch.</summary>
public enum CorruptImagePolicy
{
    /// <summary>The consumer gets an exception that names the file.</summary>
    Fail,

    /// <summary>The batch goes without it, and a warning is given.</summary>
    Skip,
}

/// <summary>How a <see cref="BatchLoader"/> works.</summary>
public sealed record BatchLoaderOptions
{
    public required int BatchSize { get; init; }

    /// <summary>Decides order and augmentation.</summary>
    public required long Seed { get; init; }

    /// <summary>A new order every epoch; else the stored order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>An epoch's last batch is left out where it is incomplete.</summary>
    public bool DropLast { get; init; } = true;

    /// <summary>Background threads; 0: one a core, but for the one that trains.</summary>
    public int Threads { get; init; }

    /// <summary>Batches that are finished or under way ahead of the consumer, at most: bounds memory.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>
    /// Decoded images are kept until they fill this much, so that later epochs of a small data set decode nothing. An eighth of the memory that the
    /// process may have, up to a bound: several runs may share a machine.
    /// </summary>
    public long CacheBytes { get; init; } = Math.Min(8L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);

    /// <summary>
    /// JPEGs are decoded at a half, a quarter or an eighth of their size where the augmentation makes them smaller than that anyway. Only for batches
    /// of images alone.
    /// </summary>
    public bool ReducedDecoding { get; init; }

    public CorruptImagePolicy CorruptImages { get; init; } = CorruptImagePolicy.Fail;

    /// <summary>Called with a sentence for each image that is skipped, from a background thread.</summary>
    public Action<string>? Warn { get; init; }
}
