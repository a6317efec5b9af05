using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Cli;
using Dashboard.Tests.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Execution.Slurm;

/// <summary>Launching, stopping and resuming.</summary>
public sealed class SlurmExecutorTests(SlurmCluster cluster) : SlurmTests
{
    [SlurmFact]
    public async Task TwoNodes_FourRuns_RunOneOnEachAndSayWhyTheOthersWait()
    {
        Open();
        var ids = Enumerable.Range(0, 4).Select(_ => Submit("held")).ToList();
        await UntilRunning(ids[0], ids[1]);
        await UntilWaiting(ids[2], ids[3]);

        Assert.Equal(["n1", "n2"], ids.Take(2).Select(id => Job(id)!.Node).Order());
        Assert.All(ids.Take(2), id => Assert.Equal("cuda:0", Store.Find(id)!.Device));
        Assert.Matches(@"^job \d+(_\d)?, waiting: \w+", Job(ids[3])!.Text);
        await FinishAsync(ids);

        Assert.All(ids, id => Assert.Equal(1, Starts(id)));
    }

    [SlurmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_RunThatWaits_TakesItsJobFromTheQueue(bool byCommand)
    {
        Open();
        SlurmCluster.Drain("n1,n2");
        try
        {
            var id = Submit("");
            await UntilWaiting(id);
            // Slurm has two sentences for it, after which of its schedulers has looked last.
            Assert.Matches("DRAINED|UnavailableNodes", Job(id)!.Reason);

            if (byCommand)
                Assert.Equal(0, (await Shell.CallAsync("stop", id, "--data", Data.Path)).ExitCode);
            else
                await Queue.StopAsync(id);

            await Until(id, RunState.Cancelled);
            await TemporaryData.Until(() => SlurmCluster.Run("squeue", "--me", "--noheader", $"--name={id}") == "", "the job to be gone");
        }
        finally
        {
            SlurmCluster.EndDrain("n1,n2");
        }
    }

    [SlurmFact]
    public async Task TooManyJobsForSlurm_WaitHereAndAreTakenWhenThereIsRoom()
    {
        Open();
        cluster.RestartController(SlurmCluster.Jobs + 5);
        IReadOnlyList<string> ids;
        try
        {
            ids = await SubmitAsync(6, "held");
            await TemporaryData.Until(() => Executor.Problem?.StartsWith("Slurm takes no more jobs now: ", StringComparison.Ordinal) == true,
                "the controller to be full");
            await UntilRunning(ids[0], ids[1]);
            Assert.Null(Job(ids[5]));
        }
        finally
        {
            cluster.RestartController(null);
        }
        await FinishAsync(ids);

        Assert.Null(Executor.Problem);
        Assert.All(ids, id => Assert.Equal(1, Starts(id)));
    }

    [SlurmFact]
    public async Task OptionThatSlurmRefuses_FailsTheRunsInASentence()
    {
        Open(options: "--partition=nowhere");

        var ids = await SubmitAsync(2, "");

        foreach (var id in ids)
        {
            await Until(id, RunState.Failed);
            Assert.StartsWith("The worker could not be started: sbatch refuses:", Store.Find(id)!.Message);
            Assert.Contains("partition", Store.Find(id)!.Message);
        }
    }

    /// <summary>What is known of a job is in its run's folder; a dashboard that begins sees to an end that nobody has seen to.</summary>
    [Theory]
    [InlineData("TIMEOUT", JobEnd.TakenAway, "Slurm job 17_3 on n1 reached its time limit", "its time limit", "Raise the time limit (--time ")]
    [InlineData("PREEMPTED", JobEnd.TakenAway, "Slurm job 17_3 on n1 was preempted", "being preempted", "Choose a partition ")]
    [InlineData("NODE_FAIL", JobEnd.Lost, "Slurm job 17_3 on n1 lost its node", "losing its node", "Ask those who run the cluster ")]
    public void End_OfAJob_IsFoundWithItsCauseAndRemedyUntilItIsSettled(string state, JobEnd end, string text, string cause, string remedy)
    {
        var folder = Temporary.Create("20260102-030406-cam-ended");
        new RunJob("17_3", DateTimeOffset.UnixEpoch, state, Node: "n1", Array: "a").Write(folder);
        var executor = new SlurmExecutor(Temporary.Program, new(), Data, TimeProvider.System, NullLogger<SlurmExecutor>.Instance);

        using var job = executor.Find(folder)!;

        Assert.Equal((end, text, cause), (job.Ending!.End, job.Ending.Text, job.Ending.Cause));
        Assert.StartsWith(remedy, job.Ending.Remedy);
        job.Settle();
        Assert.Null(executor.Find(folder));
    }
}
