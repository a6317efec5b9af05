using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs.Store;

public sealed class RunProjectionTests
{
    private static readonly Protocol SeedCam = new()
    {
        Stage = Protocol.Stages.SeedCam, Dataset = "world", Split = "val", ThresholdSource = Protocol.SweptThreshold, Tags = Protocol.TagsGiven,
        Images = 1,
    };

    [Fact]
    public void Evaluation_ScoringKilledAfterTheLastCheckpointAndResumed_CountsOnce()
    {
        var projection = Apply(Checkpoint(10), Evaluated(10, 0.4), Resumed(10), Evaluated(10, 0.4));

        Assert.Single(projection.Evaluations);
    }

    [Fact]
    public void Evaluation_BeforeTheCheckpointResumedFrom_Stays()
    {
        var projection = Apply(Evaluated(10, 0.3), Checkpoint(10), Metrics(11), Resumed(10), Metrics(11), Evaluated(20, 0.4));

        Assert.Equal([0.3, 0.4], projection.Evaluations.Select(evaluated => evaluated.Miou));
        Assert.Equal(1, projection.Metric("loss")!.Count);
    }

    /// <summary>What was used of the machine was used, and is no result.</summary>
    [Fact]
    public void System_RunThatIsResumed_KeepsItsCurve()
    {
        var projection = Apply(System(5), Metrics(11), System(12), Resumed(10), System(13));

        Assert.Equal([50, 120, 130], projection.Metric(RunSystem.Processor)!.Values);
        Assert.Null(projection.Metric("loss"));
    }

    private static RunSystem System(long second) => new(second, new Dictionary<string, double> { [RunSystem.Processor] = 10 * second });

    private static RunProjection Apply(params RunEvent[] events)
    {
        var projection = new RunProjection();
        for (var i = 0; i < events.Length; i++)
            projection.Apply(events[i] with { Seq = i + 1, Time = DateTimeOffset.UnixEpoch.AddSeconds(i) });
        return projection;
    }

    private static RunCheckpoint Checkpoint(long step) => new(step, 1, "checkpoints/epoch-0001");

    private static RunResumed Resumed(long step) => new(1, "here", step, 1);

    private static RunMetrics Metrics(long step) => new(step, 2, new Dictionary<string, double> { ["loss"] = 1 });

    private static RunEvaluated Evaluated(long step, double miou) => new(step, "CAM", false, SeedCam, miou, [miou], ["background"], null, null);
}
