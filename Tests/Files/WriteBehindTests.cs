using Dashboard.Backend.Files;

namespace Dashboard.Tests.Files;

public sealed class WriteBehindTests
{
    [Fact]
    public void Finish_AfterMany_HasWrittenAll()
    {
        var written = 0;
        using var behind = new WriteBehind(most: 2);

        for (var i = 0; i < 100; i++)
            behind.Add(() => Interlocked.Increment(ref written));
        behind.Finish();

        Assert.Equal(100, written);
    }

    [Fact]
    public async Task Add_MoreThanMayWait_WaitsForTheFirst()
    {
        using var gate = new ManualResetEventSlim();
        using var behind = new WriteBehind(most: 1);
        behind.Add(gate.Wait);

        var second = Task.Run(() => behind.Add(() => { }));
        gate.Set();

        await second.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Finish_AFileCouldNotBeWritten_Throws()
    {
        using var behind = new WriteBehind(most: 4);
        behind.Add(() => throw new IOException("No space left on device."));

        Assert.Equal("No space left on device.", Assert.Throws<IOException>(behind.Finish).Message);
    }

    /// <summary>What follows may remove the folder.</summary>
    [Fact]
    public void Dispose_WithoutFinish_WaitsAndKeepsQuiet()
    {
        var written = false;
        using (var behind = new WriteBehind(most: 4))
        {
            behind.Add(() => throw new IOException("No space left on device."));
            behind.Add(() => written = true);
        }

        Assert.True(written);
    }
}
