using System.Text;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs.Log;

public sealed class EventLogTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("dashboard-log-").FullName, "events.jsonl");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Writer_ManyEvents_AreNumberedWithoutGapsInOrder()
    {
        Write(Enumerable.Range(1, 5000).Select(step => new RunMetrics(step, 0, new Dictionary<string, double> { ["loss"] = 1.0 / step })));

        var events = EventLogReader.ReadAll(_path);

        Assert.Equal(Enumerable.Range(1, 5000).Select(seq => (long)seq), events.Select(written => written.Seq));
        Assert.Equal(Enumerable.Range(1, 5000).Select(seq => (long)seq), events.Cast<RunMetrics>().Select(metrics => metrics.Step));
    }

    [Fact]
    public void Writer_AppendedEvent_IsReadableBeforeTheNext()
    {
        using var writer = new EventLogWriter(_path, TimeProvider.System);
        using var reader = new EventLogReader(_path);
        for (var step = 1; step <= 20; step++)
        {
            writer.Append(new RunLog("info", $"{step}"));
            Assert.True(SpinWait.SpinUntil(() => reader.ReadNew().Any(), TimeSpan.FromMinutes(1)));
        }
    }

    [Fact]
    public void Writer_Flush_HasEverythingInTheFile()
    {
        using var writer = new EventLogWriter(_path, TimeProvider.System);
        for (var step = 1; step <= 1000; step++)
            writer.Append(new RunLog("info", $"{step}"));

        writer.Flush();

        Assert.Equal(1000, EventLogReader.ReadAll(_path).Count);
    }

    [Fact]
    public void Reader_NotANumber_ComesBack()
    {
        Write([new RunMetrics(1, 0, new Dictionary<string, double> { ["loss"] = double.NaN, ["norm"] = double.PositiveInfinity })]);

        var metrics = (RunMetrics)EventLogReader.ReadAll(_path).Single();

        Assert.True(double.IsNaN(metrics.Values["loss"]));
        Assert.Equal(double.PositiveInfinity, metrics.Values["norm"]);
    }

    [Theory]
    [InlineData("{\"seq\":4,\"type\":\"lo")]
    [InlineData("{\"type\":\"log\",\"seq\":4,\"time\":\"2026-01-01T00:00:00+00:00\",\"level\":\"info\",\"message\":\"whole but for its line end\"}")]
    public void Reader_TornLastLine_IsIgnoredAndOverwrittenOnResume(string torn)
    {
        Write(Logs("a", "b", "c"));
        File.AppendAllText(_path, torn);

        Assert.Equal(3, EventLogReader.ReadAll(_path).Count);

        Write(Logs("d"));
        Assert.Equal(["a", "b", "c", "d"], Messages(EventLogReader.ReadAll(_path)));
        Assert.Equal(4, File.ReadLines(_path).Count());
    }

    [Fact]
    public void Reader_TornLineReplacedWhileReading_SeesTheNewLineOnly()
    {
        Write(Logs("a"));
        using var reader = new EventLogReader(_path);
        Assert.Single(reader.ReadNew());
        File.AppendAllText(_path, "{\"seq\":2,\"type\":\"log\",\"message\":\"the end of a stretch that was lost, longer than what follows");
        Assert.Empty(reader.ReadNew());

        Write(Logs("b"));

        Assert.Equal(["b"], Messages(reader.ReadNew()));
    }

    [Fact]
    public void Reader_DamageInTheMiddle_StopsThereAndNamesTheFile()
    {
        Write(Logs("a", "b", "c"));
        var lines = File.ReadAllLines(_path);
        File.WriteAllLines(_path, [lines[0], "\0\0\0\0", lines[2]]);

        using var reader = new EventLogReader(_path);

        Assert.Equal(["a"], Messages(reader.ReadNew()));
        Assert.Contains(_path, reader.Damage);
    }

    [Fact]
    public void Writer_AfterDamage_KeepsACopyOfWhatItCutsOff()
    {
        Write(Logs("a", "b", "c"));
        var lines = File.ReadAllLines(_path);
        File.WriteAllLines(_path, [lines[0], "nonsense", lines[2]]);

        Write(Logs("d"));

        Assert.Equal(["a", "d"], Messages(EventLogReader.ReadAll(_path)));
        Assert.Equal(lines[2], File.ReadAllLines(_path + ".damaged")[2]);
    }

    [Fact]
    public void Reader_LineLongerThanItsBuffer_IsRead()
    {
        var text = new string('ü', 300_000);
        Write(Logs("a", text, "b"));

        Assert.Equal(["a", text, "b"], Messages(EventLogReader.ReadAll(_path)));
    }

    [Fact]
    public async Task Follower_WriterRestartsWithTornTail_SeesEveryEventOnce()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var seen = new List<RunEvent>();
        var following = Task.Run(async () =>
        {
            await foreach (var next in EventLogFollower.ReadAsync(_path, 0, last => last is RunFinished, stop.Token))
                lock (seen)
                    seen.Add(next);
        });
        for (var stretch = 0; stretch < 5; stretch++)
        {
            Write(Logs([.. Enumerable.Range(0, 100).Select(i => $"{stretch}-{i}")]));
            File.AppendAllText(_path, "{\"seq\":9");
            var written = 100 * (stretch + 1);
            await TemporaryData.Until(() => { lock (seen) return seen.Count == written; }, "the stretch to be followed");
        }
        Write([new RunFinished(1)]);
        await following;

        Assert.Equal(Enumerable.Range(1, 501).Select(seq => (long)seq), seen.Select(next => next.Seq));
    }

    [Fact]
    public async Task Follower_AfterSeq_GivesOnlyLaterEvents()
    {
        Write([.. Logs("a", "b", "c"), new RunFinished(1)]);
        var seen = new List<long>();

        await foreach (var next in EventLogFollower.ReadAsync(_path, 2, last => last is RunFinished, CancellationToken.None))
            seen.Add(next.Seq);

        Assert.Equal([3, 4], seen);
    }

    [Fact]
    public void Writer_BytesOnDisk_AreOneObjectALine()
    {
        Write([new RunCheckpoint(10, 1, "checkpoints/epoch-0001")]);

        var line = Encoding.UTF8.GetString(File.ReadAllBytes(_path));

        Assert.Matches("""^\{"type":"checkpoint","seq":1,"time":"[^"]+","step":10,"epoch":1,"folder":"checkpoints/epoch-0001"\}\n$""", line);
    }

    /// <summary>Of one piece of many lines, the room that is left takes some.</summary>
    [SmallDiskFact]
    public void Writer_DiskFull_KeepsTheWholeLinesThatFit()
    {
        const string text = "as many of these as there is room for";
        using var small = SmallDisk.Mount(Path.GetDirectoryName(_path)!);
        using var all = new ManualResetEventSlim();
        List<long> told = [];
        using (var writer = new EventLogWriter(_path, TimeProvider.System, stored =>
        {
            told.Add(stored.Seq);
            all.Wait();
        }))
        {
            writer.Append(new RunLog("info", text));
            Assert.True(SpinWait.SpinUntil(() => told.Count > 0, TimeSpan.FromMinutes(1)));
            small.Fill();
            foreach (var next in Logs([.. Enumerable.Repeat(text, 100)]))
                writer.Append(next);
            all.Set();
            Assert.Contains("the disk is full", Assert.Throws<IOException>(writer.Complete).Message);
        }

        var bytes = File.ReadAllBytes(_path);
        var events = EventLogReader.ReadAll(_path);
        Assert.Equal((byte)'\n', bytes[^1]);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(next => next.Seq));
        Assert.Equal(events.Select(next => next.Seq), told);
        // One block: it was begun by the first line.
        var longest = bytes.Length / events.Count + 2;
        Assert.InRange(bytes.Length, 4096 - longest, 4096);
    }

    private static IEnumerable<RunEvent> Logs(params string[] messages) => messages.Select(message => new RunLog("info", message));

    private static IEnumerable<string> Messages(IEnumerable<RunEvent> events) => events.Cast<RunLog>().Select(log => log.Message);

    private void Write(IEnumerable<RunEvent> events)
    {
        using var writer = new EventLogWriter(_path, TimeProvider.System);
        foreach (var next in events)
            writer.Append(next);
        writer.Complete();
    }
}
