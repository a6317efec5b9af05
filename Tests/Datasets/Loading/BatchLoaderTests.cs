using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Augmentation;
using Dashboard.Backend.Datasets.Loading;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets.Voc;

namespace Dashboard.Tests.Datasets.Loading;

public sealed class BatchLoaderTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Sample[] _samples;

    public BatchLoaderTests()
    {
        _samples = [.. Enumerable.Range(0, 10).Select(i =>
        {
            var path = _temp.File($"{i}.png");
            ImageFile.WritePng(path, SmallVoc.Picture($"{i}"));
            return new Sample($"{i}", path, null, i % 3 == 0 ? [0, 2] : [1]);
        })];
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Read_WithAnyNumberOfThreads_GivesTheSameBatches()
    {
        var single = Contents(Loader(threads: 1), epochs: 3);
        var many = Contents(Loader(threads: 4), epochs: 3);
        Assert.Equal(single, many);
        Assert.Equal(9, single.Count);
    }

    [Fact]
    public void Threads_ZeroGiven_LeaveACoreToTheTraining() =>
        Assert.Equal(Math.Clamp(Environment.ProcessorCount - 1, 1, 16), Loader(threads: 0).Threads);

    [Fact]
    public void Read_FromTheMiddle_GoesOnAsIfUninterrupted()
    {
        var whole = Contents(Loader(), epochs: 3);
        var resumed = Contents(Loader(threads: 2), epochs: 3, startEpoch: 1, startStep: 2);
        Assert.Equal(whole.Skip(1 * 3 + 2), resumed);
    }

    [Fact]
    public void Read_OfTwoEpochs_VisitsTheSameImagesInAnotherOrder()
    {
        var loader = Loader(batchSize: 5, dropLast: false);
        var ids = Batches(loader, epochs: 2, batch => batch.Ids).SelectMany(batch => batch).ToArray();
        Assert.Equal(_samples.Select(sample => sample.Id), ids[..10].Order());
        Assert.Equal(_samples.Select(sample => sample.Id), ids[10..].Order());
        Assert.NotEqual(ids[..10], ids[10..]);
        Assert.NotEqual(ids[..10], Batches(Loader(batchSize: 5, dropLast: false, seed: 8), 1, batch => batch.Ids).SelectMany(batch => batch));
    }

    [Fact]
    public void Read_OfOneImageInTwoEpochs_AugmentsItDifferently()
    {
        var loader = new BatchLoader(_samples[..1], 3, new CamAugmentation(8, 12, 12), new() { BatchSize = 1, Seed = 1 });
        var distinct = Contents(loader, epochs: 20).Select(batch => batch[(batch.IndexOf('|') + 1)..]).Distinct();
        Assert.True(distinct.Count() > 5);
    }

    [Fact]
    public void Read_InStoredOrder_KeepsTheIncompleteBatch()
    {
        var loader = Loader(batchSize: 4, shuffle: false, dropLast: false);
        Assert.Equal(3, loader.StepsPerEpoch);
        var batches = Batches(loader, 1, batch => (batch.Epoch, batch.Step, batch.Count, string.Concat(batch.Ids)));
        Assert.Equal([(0, 0, 4, "0123"), (0, 1, 4, "4567"), (0, 2, 2, "89")], batches);
    }

    [Fact]
    public void Read_Tags_AreMultiHot()
    {
        var tags = Batches(Loader(batchSize: 2, shuffle: false), 1, batch => batch.Tags).First();
        Assert.Equal([1, 0, 1, 0, 1, 0], tags);
    }

    [Fact]
    public void Read_AheadOfAConsumer_StopsAtThePrefetchBound()
    {
        var counter = new CountingAugmentation();
        var loader = new BatchLoader(_samples, 3, counter, new() { BatchSize = 2, Seed = 1, Threads = 3, Prefetch = 2 });
        using var batches = loader.Read(epochs: 100).GetEnumerator();
        for (var taken = 1; taken <= 20; taken++)
        {
            Assert.True(batches.MoveNext());
            batches.Current.Dispose();
            // Taken batches, and at most two ahead of them.
            Assert.InRange(counter.Applied, taken * 2, (taken + 2) * 2);
        }
        SpinWait.SpinUntil(() => counter.Applied == 22 * 2, TimeSpan.FromMinutes(1));
        Assert.Equal(22 * 2, counter.Applied);
    }

    [Fact]
    public void Read_WithACorruptImage_DeliversWhatIsBeforeItAndNamesTheFile()
    {
        File.WriteAllBytes(_samples[7].ImagePath, File.ReadAllBytes(_samples[7].ImagePath)[..60]);
        File.WriteAllText(_samples[6].ImagePath, "no image");
        var threads = new ThreadRecorder();
        var loader = new BatchLoader(_samples, 3, threads, new() { BatchSize = 2, Seed = 1, Threads = 4, Shuffle = false });
        var seen = new List<string>();
        var error = Assert.Throws<DatasetException>(() =>
        {
            foreach (var batch in loader.Read(epochs: 2))
            {
                seen.AddRange(batch.Ids);
                batch.Dispose();
            }
        });
        Assert.Equal(["0", "1", "2", "3", "4", "5"], seen);
        // Of two bad files in a batch the first one is named, whichever thread was faster.
        Assert.Contains(_samples[6].ImagePath, error.Message);
        Assert.All(threads.Seen, thread => Assert.False(thread.IsAlive));
    }

    [Fact]
    public void Read_SkippingCorruptImages_WarnsAndGoesOn()
    {
        File.WriteAllText(_samples[1].ImagePath, "no image");
        var warnings = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var loader = new BatchLoader(
            _samples, 3, new CamAugmentation(8, 12, 12),
            new() { BatchSize = 3, Seed = 1, Shuffle = false, CorruptImages = CorruptImagePolicy.Skip, Warn = warnings.Enqueue });
        var batches = Batches(loader, 1, batch => (batch.Count, string.Concat(batch.Ids), string.Concat(batch.Tags)));
        Assert.Equal((2, "02", "101010"), batches.First());
        Assert.Equal([2, 3, 3], batches.Select(batch => batch.Count));
        Assert.Contains(_samples[1].ImagePath, Assert.Single(warnings));

        var clean = new BatchLoader(_samples, 3, new CamAugmentation(8, 12, 12), new() { BatchSize = 3, Seed = 1, Shuffle = false });
        File.Copy(_samples[0].ImagePath, _samples[1].ImagePath, overwrite: true);
        var whole = Batches(clean, 1, batch => (float[])batch.Images.Clone()).First();
        var skipped = Batches(loader, 1, batch => (float[])batch.Images.Clone()).First();
        Assert.Equal(whole.Length, skipped.Length);
        Assert.Equal(whole, skipped);
    }

    [Fact]
    public void Read_WithOnlyCorruptImages_Fails()
    {
        foreach (var sample in _samples)
            File.WriteAllText(sample.ImagePath, "no image");
        var loader =
            new BatchLoader(_samples, 3, new CamAugmentation(8, 12, 12), new() { BatchSize = 3, Seed = 1, CorruptImages = CorruptImagePolicy.Skip });
        Assert.Throws<DatasetException>(() => Contents(loader, 1));
    }

    /// <summary>A sinusoid of 64x48 pixels, resized to at most 16: decoded at a quarter.</summary>
    [Fact]
    public void Read_ReducedDecoding_TakesNoMorePixelsThanAreNeededAndStaysNear()
    {
        var path = _temp.File("wave.jpg");
        byte[] pixels = [.. from y in Enumerable.Range(0, 48) from x in Enumerable.Range(0, 64) from channel in Enumerable.Range(0, 3)
            select (byte)(128 + (100 * Math.Sin((x + (2 * y) + (9 * channel)) / 12.0)))];
        ImageFile.WriteJpeg(path, new(64, 48, 3, pixels), 95);
        var (whole, bytes) = Wave(reduced: false);

        var (reduced, fewer) = Wave(reduced: true);

        Assert.Equal((64 * 48 * 3, 16 * 12 * 3), (bytes, fewer));
        Assert.NotEqual(whole, reduced);
        // Normalised: 0.1 is about six grey levels of 255.
        Assert.InRange(whole.Zip(reduced, (a, b) => Math.Abs(a - b)).Max(), 0, 0.25);
        Assert.InRange(whole.Zip(reduced, (a, b) => Math.Abs(a - b)).Average(), 0, 0.05);

        (float[] Images, long CachedBytes) Wave(bool reduced)
        {
            var loader = new BatchLoader([new Sample("wave", path, null, [0])], 1, new CamAugmentation(12, 12, 16),
                new() { BatchSize = 1, Seed = 1, ReducedDecoding = reduced });
            return (Batches(loader, 1, batch => (float[])batch.Images.Clone()).Single(), loader.CachedBytes);
        }
    }

    [Fact]
    public void Read_LaterEpochs_ComeFromMemory()
    {
        var loader = Loader(batchSize: 5, threads: 1);
        using var batches = loader.Read(epochs: 4).GetEnumerator();
        Assert.True(batches.MoveNext() && batches.MoveNext());
        Assert.Equal(10 * 12 * 8 * 3, loader.CachedBytes);
        foreach (var sample in _samples)
            File.Delete(sample.ImagePath);
        for (var step = 2; step < 8; step++)
            Assert.True(batches.MoveNext());
        Assert.False(batches.MoveNext());
    }

    [Fact]
    public void Read_WithASmallCache_StaysBelowItsBound()
    {
        var loader = new BatchLoader(_samples, 3, new CamAugmentation(8, 12, 12), new() { BatchSize = 5, Seed = 1, CacheBytes = 1000 });
        Assert.Equal(4, Contents(loader, epochs: 2).Count);
        Assert.Equal(3 * 12 * 8 * 3, loader.CachedBytes);
    }

    [Fact]
    public void Read_Cancelled_ThrowsAndLeavesNoThread()
    {
        using var cancel = new CancellationTokenSource();
        var threads = new ThreadRecorder(cancel.Cancel);
        var loader = new BatchLoader(_samples, 3, threads, new() { BatchSize = 10, Seed = 1, Threads = 2 });
        Assert.ThrowsAny<OperationCanceledException>(() => Contents(loader, 1000, cancellation: cancel.Token));
        Assert.All(threads.Seen, thread => Assert.False(thread.IsAlive));
    }

    [Fact]
    public void Read_LeftEarly_LeavesNoThread()
    {
        var threads = new ThreadRecorder();
        foreach (var batch in new BatchLoader(_samples, 3, threads, new() { BatchSize = 2, Seed = 1, Threads = 4 }).Read(epochs: 50))
        {
            batch.Dispose();
            break;
        }
        Assert.NotEmpty(threads.Seen);
        Assert.All(threads.Seen, thread => Assert.False(thread.IsAlive));
    }

    [Fact]
    public void Constructor_WithFewerImagesThanABatch_SaysSo()
    {
        var error = Assert.Throws<DatasetException>(() => Loader(batchSize: 11));
        Assert.Contains("batchSize: 11 is more than the 10 images that there are to train on.", error.Message);
    }

    private BatchLoader Loader(int batchSize = 3, int threads = 2, bool shuffle = true, bool dropLast = true, long seed = 7) => new(
        _samples, 3, new CamAugmentation(cropSize: 8, resizeLongMin: 6, resizeLongMax: 14),
        new() { BatchSize = batchSize, Seed = seed, Threads = threads, Shuffle = shuffle, DropLast = dropLast });

    private static List<T> Batches<T>(BatchLoader loader, int epochs, Func<Batch, T> select, int startEpoch = 0, int startStep = 0,
        CancellationToken cancellation = default)
    {
        var results = new List<T>();
        foreach (var batch in loader.Read(epochs, startEpoch, startStep, cancellation))
        {
            using (batch)
                results.Add(select(batch));
        }
        return results;
    }

    /// <summary>Everything about every batch as text.</summary>
    private static List<string> Contents(BatchLoader loader, int epochs, int startEpoch = 0, int startStep = 0,
        CancellationToken cancellation = default) =>
        Batches(
            loader,
            epochs,
            batch => $"{batch.Epoch}/{batch.Step}: {string.Join(",", batch.Ids)}|{string.Join(",", batch.Tags)}|{Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(batch.Images))}",
            startEpoch,
            startStep,
            cancellation);

    private sealed class CountingAugmentation : IAugmentation
    {
        private int _applied;

        public int Applied => Volatile.Read(ref _applied);

        public (int Channels, int Height, int Width) Shape => (3, 2, 2);

        public void Apply(ImageBuffer image, RandomStream random, Span<float> target) => Interlocked.Increment(ref _applied);
    }

    /// <summary>Remembers the threads it is called on.</summary>
    private sealed class ThreadRecorder(Action? called = null) : IAugmentation
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<Thread, bool> _seen = new();

        public ICollection<Thread> Seen => _seen.Keys;

        public (int Channels, int Height, int Width) Shape => (3, 2, 2);

        public void Apply(ImageBuffer image, RandomStream random, Span<float> target)
        {
            _seen[Thread.CurrentThread] = true;
            called?.Invoke();
        }
    }
}
