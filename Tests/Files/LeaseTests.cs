using System.Text.Json;
using Dashboard.Backend.Files;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Inference;

namespace Dashboard.Tests.Files;

/// <summary>The files are real; what another host does with them is done here, with whatever clock it has.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-lease-").FullName;
    private readonly ManualTime _time = new() { Skew = TimeSpan.FromMinutes(-7) };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(-45)]
    [InlineData(0)]
    [InlineData(45)]
    public void Holder_OnAnotherHost_IsJudgedByOurClockAlone(int minutesAhead)
    {
        var path = HoldElsewhere(1);
        var theirs = _time.GetUtcNow().UtcDateTime.AddMinutes(minutesAhead);

        for (var beat = 0; beat < 20; beat++)
        {
            File.SetLastWriteTimeUtc(path, theirs.AddSeconds(5 * beat));
            Assert.NotNull(HolderNow());
            _time.Advance(TimeSpan.FromSeconds(5));
        }
        for (var second = 0; second < 25; second++)
        {
            Assert.NotNull(HolderNow());
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(HolderNow());
        Assert.Null(Take(new ManualTime()));
        using var taken = Take(_time);
        Assert.NotNull(taken);
        Assert.False(File.Exists(path));
    }

    /// <summary>This host slept, or the file server did not answer: the holder may have been there all the time.</summary>
    [Fact]
    public void Holder_NobodyLookedAt_IsNotSilent()
    {
        HoldElsewhere(1);
        Assert.NotNull(HolderNow());

        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(HolderNow());
        _time.Advance(TimeSpan.FromHours(1));

        Assert.NotNull(HolderNow());
        Assert.Null(Take(_time));
    }

    [Fact]
    public void Take_ByManyAtOnce_IsGivenToOne()
    {
        // Often, for the moment in which two can be taken for the first is short.
        for (var number = 4; number < 204; number++)
        {
            HoldElsewhere(number - 1, process: ProcessIdentity.Current with { Started = 1 });
            using var together = new Barrier(4);
            var taken = new Lease?[together.ParticipantCount];
            var takers = Enumerable.Range(0, taken.Length).Select(i => new Thread(() =>
            {
                together.SignalAndWait();
                taken[i] = Take(new ManualTime());
            })).ToList();
            takers.ForEach(taker => taker.Start());
            takers.ForEach(taker => taker.Join());

            using var lease = Assert.Single(taken.OfType<Lease>());
            Assert.True(lease.IsHeld());
            Assert.Equal([$"right.{number}.json"], Directory.GetFiles(_folder).Select(Path.GetFileName));
        }
    }

    /// <summary>As after a stop and a continuation of its process: no heartbeat has come between.</summary>
    [Fact]
    public void IsHeld_TakenOverMeanwhile_IsFalseFromThenOn()
    {
        using var lease = Take(_time)!;
        Assert.True(lease.IsHeld());

        var successor = HoldElsewhere(2);
        File.Delete(PathOf(1));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(lease.IsHeld());
        Assert.True(lease.Lost.IsCancellationRequested);
        // Its number has been given to somebody else since.
        File.Move(successor, PathOf(1));
        Assert.False(lease.IsHeld());
        lease.Dispose();
        Assert.NotEqual(0, new FileInfo(PathOf(1)).Length);
    }

    [Fact]
    public void IsHeld_FolderAwayForAMoment_IsOursAgainAfterwards()
    {
        using var lease = Take(_time)!;
        Directory.Move(_folder, _folder + "-away");
        _time.Advance(TimeSpan.FromMinutes(1));
        var whileAway = lease.IsHeld();
        Directory.Move(_folder + "-away", _folder);

        Assert.False(whileAway);
        Assert.True(lease.IsHeld());
    }

    [Fact]
    public void Take_WhatWasGivenBack_HasTheNextNumber()
    {
        for (var i = 0; i < 3; i++)
            Take(_time)!.Dispose();

        Assert.Null(HolderNow());
        Assert.Equal(["right.3.json"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Forget_HolderElsewhere_LosesTheLease_OneOfThisHostDoesNot()
    {
        using var lease = Take(_time)!;
        Lease.Forget(_folder, "right");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(lease.IsHeld());
        lease.Dispose();

        var path = HoldElsewhere(2);
        Lease.Forget(_folder, "right");

        Assert.False(File.Exists(path));
        Assert.Null(HolderNow());
    }

    [Fact]
    public async Task Watch_HolderThatRenews_ReturnsItAndASilentOneIsGone()
    {
        var path = HoldElsewhere(1);
        var watching = Lease.WatchAsync(_folder, "right", endsWithProcess: true, _time, CancellationToken.None);
        Assert.False(watching.IsCompleted);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("elsewhere", (await watching)!.Process.Host);

        watching = Lease.WatchAsync(_folder, "right", endsWithProcess: true, _time, CancellationToken.None);
        while (!watching.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Null(await watching);
    }

    private LeaseHolder? HolderNow() => Lease.HolderOf(_folder, "right", endsWithProcess: false, _time);

    private Lease? Take(TimeProvider time) => Lease.TryTake(_folder, "right", Length, endsWithProcess: false, time);

    private string PathOf(int number) => Path.Combine(_folder, $"right.{number}.json");

    private string HoldElsewhere(int number, ProcessIdentity? process = null)
    {
        var holder = new LeaseHolder(process ?? new(17, 1, "another boot", "elsewhere"), DateTimeOffset.UnixEpoch, Length.TotalSeconds, $"{number}");
        File.WriteAllText(PathOf(number), JsonSerializer.Serialize(holder, RunJson.Line));
        return PathOf(number);
    }
}
