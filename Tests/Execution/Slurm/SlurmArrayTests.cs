using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>Runs that are launched together are one job array.</summary>
public sealed class SlurmArrayTests : SlurmTests
{
    /// <summary>The cluster takes six tasks at once.</summary>
    [SlurmFact]
    public async Task EightRuns_RunTwoAtATimeOneOnEachNode()
    {
        Open();

        var ids = await SubmitAsync(8, "");
        foreach (var id in ids)
            await Until(id, RunState.Finished);

        Assert.Equal([4, 4], ids.GroupBy(id => Job(id)!.Array).Select(array => array.Count()));
        Assert.Equal(8, ids.Select(id => Job(id)!.Id).Distinct().Count());
        Assert.All(ids, id => Assert.Equal(1, Starts(id)));
        Assert.All(ids, id => Assert.NotEmpty(File.ReadAllText(Data.Run(id).WorkerLog)));
        var nodes = ids.GroupBy(id => Job(id)!.Node).ToList();
        Assert.Equal(["n1", "n2"], nodes.Select(node => node.Key).Order());
        Assert.All(nodes, node => AssertOneAtATime(node));
    }

    [SlurmFact]
    public async Task TwoGpusOnOneNode_FourRuns_RunTwoAtATimeEachOnItsOwn()
    {
        Open(options: "--partition=wide");
        var ids = await SubmitAsync(4, "held");

        await UntilRunning(ids[0], ids[1]);
        await UntilWaiting(ids[2], ids[3]);
        Assert.All(ids.Take(2), id => Assert.Equal("n3", Job(id)!.Node));
        Assert.Equal(["0", "1"], ids.Take(2).Select(Gpu).Order());

        LetGo(ids[0]);
        await UntilRunning(ids[2]);
        Assert.Equal(["0", "1"], ((string[])[ids[1], ids[2]]).Select(Gpu).Order());
        Assert.Equal(RunState.Queued, State(ids[3]));
        await FinishAsync(ids);
        Assert.All(ids, id => Assert.Equal(1, Starts(id)));
    }

    [SlurmFact]
    public async Task Tasks_StoppedWhileOneRunsAndOneWaits_AreResumedByThemselves()
    {
        Open();
        var ids = await SubmitAsync(4, "held");
        await UntilRunning(ids[0], ids[1]);
        await UntilWaiting(ids[2], ids[3]);
        Assert.Equal(Enumerable.Range(0, 4).Select(index => $"{Job(ids[0])!.Id.Split('_')[0]}_{index}"), ids.Select(id => Job(id)!.Id));
        var task = Job(ids[3])!.Id;

        await Queue.StopAsync(ids[0]);
        await Queue.StopAsync(ids[3]);
        await UntilRunning(ids[2]);
        Assert.Equal([RunState.Cancelled, RunState.Running, RunState.Running, RunState.Cancelled], ids.Select(State));
        Assert.DoesNotContain(task, SlurmCluster.Run("squeue", "--me", "--noheader", "--array", "--format=%i").Split('\n'));

        Queue.Resume(ids[3]);
        await UntilWaiting(ids[3]);
        Assert.Null(Job(ids[3])!.Array);
        Queue.Resume(ids[0]);
        await UntilSubmitted(ids[0]);
        await FinishAsync(ids);
        Assert.Equal([2, 1, 1, 1], ids.Select(Starts));
    }

    /// <summary>Of a task that has not begun, Slurm keeps nothing: neither of one, nor of all.</summary>
    [SlurmFact]
    public async Task CancelledOutside_RunningWaitingAndAllThatIsLeft_AreCancelledWithTheReason()
    {
        Open();
        var ids = await SubmitAsync(5, "held");
        await UntilRunning(ids[0], ids[1]);
        await UntilWaiting(ids[2], ids[3], ids[4]);

        SlurmCluster.Run("scancel", Job(ids[3])!.Id, Job(ids[0])!.Id);
        await Until(ids[0], RunState.Cancelled);
        await Until(ids[3], RunState.Cancelled);
        Assert.EndsWith("was cancelled outside the dashboard.", Store.Find(ids[0])!.Message);
        Assert.Equal(0, Starts(ids[3]));
        await UntilRunning(ids[2]);
        Assert.Equal(RunState.Running, State(ids[1]));

        SlurmCluster.Run("scancel", Job(ids[1])!.Id.Split('_')[0]);
        foreach (var id in ids)
            await Until(id, RunState.Cancelled);
        Assert.Equal(0, Starts(ids[4]));

        SlurmCluster.Drain("n1,n2");
        try
        {
            var none = await SubmitAsync(3, "");
            await UntilWaiting(none);
            SlurmCluster.Run("scancel", Job(none[0])!.Id.Split('_')[0]);
            foreach (var id in none)
                await Until(id, RunState.Cancelled);
        }
        finally
        {
            SlurmCluster.EndDrain("n1,n2");
        }
    }

    private void AssertOneAtATime(IEnumerable<string> ids)
    {
        var stretches = ids.Select(Events).Select(events => (Start: events[0].Time, End: events[^1].Time)).OrderBy(stretch => stretch.Start).ToList();
        Assert.All(stretches.Zip(stretches.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
    }

    /// <summary>The one that Slurm shows to a run's worker.</summary>
    private string Gpu(string id) => File.ReadAllText($"/proc/{Events(id).OfType<RunStarted>().Last().ProcessId}/environ")
        .Split('\0').Single(variable => variable.StartsWith("CUDA_VISIBLE_DEVICES=", StringComparison.Ordinal)).Split('=')[1];
}
