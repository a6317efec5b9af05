using Dashboard.Backend.Images;

namespace Dashboard.Tests.Images;

public sealed class ImageMemoryTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Take_WhatDoesNotFit_WaitsItsTurn()
    {
        var memory = new ImageMemory(100, Long);
        var first = memory.Take("first", 60);
        using var begun = new ManualResetEventSlim();
        var second = Task.Run(() =>
        {
            begun.Set();
            using var turn = memory.Take("second", 60);
            return memory.Held;
        });
        begun.Wait();
        Assert.Equal(60, memory.Held);
        first.Dispose();
        Assert.Equal(60, await second);
        Assert.Equal(0, memory.Held);
    }

    [Fact]
    public void Take_MoreThanTheBudget_IsDecodedAlone()
    {
        var memory = new ImageMemory(100, Long);
        using (memory.Take("huge", 1000))
            Assert.Equal(1000, memory.Held);
        Assert.Equal(0, memory.Held);
    }

    [Fact]
    public void Take_WhenNobodyLetsGo_RefusesWithASentence()
    {
        var memory = new ImageMemory(100, TimeSpan.Zero);
        using var held = memory.Take("first", 60);
        var error = Assert.Throws<ImageException>(() => memory.Take("late.png", 60));
        Assert.Contains("late.png was not read", error.Message, StringComparison.Ordinal);
        Assert.Equal(60, memory.Held);
    }

    [Fact]
    public void Open_WhatIsKept_CountsUntilTheWorkIsDone()
    {
        var memory = new ImageMemory(100, TimeSpan.Zero);
        using (memory.Open())
        {
            using (var turn = memory.Take("image", 60))
                turn.Keep("", 30);
            Assert.Equal(30, memory.Held);
            // Whoever holds an image already does not wait for its mask.
            using (var turn = memory.Take("mask", 90))
                turn.Keep("", 10);
            Assert.Equal(40, memory.Held);
        }
        Assert.Equal(0, memory.Held);
    }

    [Fact]
    public void Take_AThousandTimesOnFourThreads_NeverGoesBeyondTheBudget()
    {
        // Of 100 bytes every second take would collect the whole process.
        var memory = new ImageMemory(100, Long, collect: () => { });
        var most = 0L;
        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using var turn = memory.Take("image", 20 + i % 60);
            var held = memory.Held;
            for (var known = Volatile.Read(ref most); held > known; known = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, held, known);
        });
        Assert.InRange(most, 20, 100);
        Assert.Equal(0, memory.Held);
    }
}
