using Dashboard.Domain.Runs;
using Dashboard.Web.Live;

namespace Dashboard.Tests.Components;

public sealed class RunDigestTests
{
    private long _seq;

    [Fact]
    public void Apply_ResumedRun_TakesBackWhatCameAfterItsStep()
    {
        var digest = After(Started, Snapshot(50), Evaluated(50), Snapshot(100), Evaluated(100), new RunResumed(1, "host", 50, 1));

        Assert.Equal([50], digest.Snapshots.Select(snapshot => snapshot.Step));
        Assert.Equal([50], digest.Evaluations.Select(evaluated => evaluated.Step));
        Assert.Null(digest.Progress);
        Assert.Equal(2, digest.Starts);
    }

    [Fact]
    public void Apply_ResumedAfterFailure_ForgetsTheFailure()
    {
        var failed = After(Started, new RunFailed("no tags"));
        Assert.Equal("no tags", failed.Failure?.Message);

        Assert.Null(failed.Apply(new RunResumed(1, "host", 0, 0) { Seq = 3 }).Failure);
    }

    [Fact]
    public void Apply_ManyEvents_KeepsTheNewestLinesOnly()
    {
        var digest = After([.. Enumerable.Range(0, 1200).Select(i => new RunLog("info", $"{i}"))]);

        Assert.Equal(500, digest.Lines.Count());
        Assert.Equal("1199", ((RunLog)digest.Lines.Last()).Message);
        Assert.Equal(1200, digest.LastSeq);
    }

    [Fact]
    public void Apply_MetricsAndProgress_AreNoLines()
    {
        var digest = After(new RunMetrics(1, 1, new Dictionary<string, double> { ["loss"] = 1 }), new RunProgress("train", 1, 100, 1, 4, null, null));

        Assert.Empty(digest.Lines);
        Assert.Equal(25, digest.StepsPerEpoch);
    }

    private static RunStarted Started => new(1, "host", "cpu", "test");

    private static RunSnapshot Snapshot(long step) => new(step, (int)(step / 50), []);

    private static RunEvaluated Evaluated(long step) => new(
        step, "CAM", false, new Protocol { Stage = Protocol.Stages.SeedCam, Dataset = "d", Split = "val", ThresholdSource = Protocol.SweptThreshold,
            Tags = Protocol.TagsGiven, Images = 1 }, 0.3, [], [], null, null);

    private RunDigest After(params RunEvent[] events) =>
        events.Aggregate(new RunDigest(), (digest, next) => digest.Apply(next with { Seq = ++_seq }));
}
