using System.Globalization;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>
/// Jobs that the cluster ends, nodes and controllers that are lost, dashboards that are killed: no run is lost, and none runs twice.
/// </summary>
public sealed class SlurmTroubleTests(SlurmCluster cluster) : SlurmTests
{
    /// <summary>As if it had been killed: one job runs, the others wait, and of some it had not lived to write down the numbers.</summary>
    [SlurmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dashboard_KilledWhileJobsRunAndWait_FindsThemAndStartsNoneTwice(bool asArray)
    {
        Open();
        var ids = asArray ? await SubmitAsync(4, "held") : [.. Enumerable.Range(0, 4).Select(_ => Submit("held"))];
        await UntilRunning(ids[0], ids[1]);
        await UntilSubmitted(ids);
        var jobs = ids.Select(id => Job(id)!.Id).ToList();
        Close();
        File.Delete(Data.Run(ids[2]).File("job.json"));
        File.Delete(Data.Run(ids[3]).File("job.json"));
        LetGo(ids[0]);

        Open();
        await FinishAsync(ids);

        Assert.All(ids, id => Assert.Equal(1, Starts(id)));
        Assert.Equal(jobs, ids.Select(id => Job(id)!.Id));
    }

    /// <summary>Whether it had heard of the job's end before it was killed, or not.</summary>
    [SlurmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dashboard_KilledWhileItsJobIsTakenAway_LetsTheRunGoOn(bool hasHeard)
    {
        Open();
        var id = Submit("held");
        await UntilRunning(id);
        var job = Job(id)!;
        Close();
        await PreemptAsync(job.Id);
        if (hasHeard)
            (job with { State = "PREEMPTED" }).Write(Data.Run(id));

        Open();
        await FinishAsync(id);

        Assert.Equal(2, Starts(id));
        Assert.Equal("resumed 1 of 3 times after being preempted", Job(id)!.ResumedText);
    }

    [SlurmFact]
    public async Task PreemptedOrOutOfTime_GoesOnFromItsCheckpointAsOftenAsIsSaid()
    {
        Open(resumes: 2);
        var id = Submit("held");
        await UntilRunning(id);
        await PreemptAsync(Job(id)!.Id);
        await TemporaryData.Until(() => Starts(id) == 2, "the second worker");
        Assert.Contains(Events(id).OfType<RunLog>(), line => line.Message.EndsWith(
            "was preempted. The run goes on by itself from its last checkpoint: 1 of 2 times.", StringComparison.Ordinal));
        await UntilRunning(id);
        Assert.Equal("resumed 1 of 2 times after being preempted", Job(id)!.ResumedText);

        // Slurm looks at the limits every half a minute.
        SlurmCluster.Run("scontrol", "update", $"jobid={Job(id)!.Id}", "timelimit=1");
        SlurmCluster.Run("scontrol", "update", $"jobid={Job(id)!.Id}", "endtime=now+2");
        await TemporaryData.Until(() => Starts(id) == 3, "the third worker");
        await UntilRunning(id);
        Assert.Equal("resumed 2 of 2 times, last after its time limit", Job(id)!.ResumedText);

        await PreemptAsync(Job(id)!.Id);
        await Until(id, RunState.Failed);
        Assert.EndsWith("was preempted, and the run has gone on by itself 2 times already. Choose a partition whose jobs are not preempted "
            + "(Dashboard:Slurm:Partition in appsettings.json), then resume the run.", Store.Find(id)!.Message);
        Queue.Resume(id);
        await FinishAsync(id);
        Assert.Equal(4, Starts(id));
    }

    [SlurmFact]
    public async Task NodeDrained_FinishesWhatItHasAndIsGivenNothing()
    {
        Open();
        var ids = await SubmitAsync(3, "held");
        await UntilRunning(ids[0], ids[1]);
        var (onDrained, other) = Job(ids[0])!.Node == "n1" ? (ids[0], ids[1]) : (ids[1], ids[0]);
        SlurmCluster.Drain("n1");
        try
        {
            await FinishAsync(onDrained);
            await UntilWaiting(ids[2]);
            Assert.Equal(RunState.Running, State(other));
            await FinishAsync(other, ids[2]);
            Assert.Equal("n2", Job(ids[2])!.Node);
        }
        finally
        {
            SlurmCluster.EndDrain("n1");
        }
        Assert.All(ids, id => Assert.Equal(1, Starts(id)));
    }

    /// <summary>Of one, the worker is lost with its node; of the other, Slurm has lost sight only.</summary>
    [SlurmFact]
    public async Task NodesLost_GoesOnElsewhereWhereTheWorkerIsGone_AndIsLeftAloneWhereItWorks()
    {
        Open();
        var ids = await SubmitAsync(2, "held");
        await UntilRunning(ids);
        var worker = Events(ids[0]).OfType<RunStarted>().Single().ProcessId;
        cluster.KillNode("n1");
        cluster.KillNode("n2");
        // The node's process for this job, which would tell the controller of the worker's end.
        SlurmCluster.Run("kill", "-9", ParentOf(worker));
        SlurmCluster.Run("kill", "-9", worker.ToString(CultureInfo.InvariantCulture));
        try
        {
            foreach (var id in ids)
                await TemporaryData.Until(() => RunJob.Read(Data.Run(id)) is { State: "NODE_FAIL" } or { Resumes: 1 }, $"{id} to lose its node");
            await TemporaryData.Until(() => State(ids[0]) == RunState.Queued, "the run to wait again");
            Assert.Equal(RunState.Running, State(ids[1]));
            await FinishAsync(ids[1]);
        }
        finally
        {
            SlurmCluster.StartNode("n1");
            SlurmCluster.StartNode("n2");
        }
        await FinishAsync(ids[0]);

        Assert.Equal([2, 1], ids.Select(Starts));
        Assert.Equal("resumed 1 of 3 times after losing its node", Job(ids[0])!.ResumedText);
    }

    [SlurmFact]
    public async Task Controller_Down_LosesNothing()
    {
        Open();
        var first = await SubmitAsync(2, "held");
        await UntilRunning(first);
        cluster.KillController();
        IReadOnlyList<string> second;
        try
        {
            await TemporaryData.Until(() => Executor.Problem?.Contains("contact slurm controller") == true, "the trouble to be noticed");
            second = await SubmitAsync(2, "");
            await FinishAsync(first);
            Assert.All(second, id => Assert.Equal(RunState.Queued, State(id)));
        }
        finally
        {
            SlurmCluster.StartController();
        }

        foreach (var id in second)
            await Until(id, RunState.Finished);
        Assert.Null(Executor.Problem);
        Assert.All(first.Concat(second), id => Assert.Equal(1, Starts(id)));
    }

    /// <summary>A job of a partition that comes first takes both nodes for a moment.</summary>
    private static async Task PreemptAsync(string job)
    {
        var urgent = SlurmCluster.Run("sbatch", "--parsable", "--partition=urgent", "--nodes=2", "--ntasks=4", "--output=/dev/null", "--wrap=true");
        await TemporaryData.Until(() => SlurmCluster.Run("squeue", "--noheader", "--states=all", "--format=%T", $"--jobs={job}") == "PREEMPTED",
            $"job {job} to give way to {urgent}");
    }

    /// <summary>The field behind the name in parentheses and the state.</summary>
    private static string ParentOf(int process) => File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ')[1];
}
