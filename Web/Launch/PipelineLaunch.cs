using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Pipelines;
using Dashboard.Domain.Runs;

namespace Dashboard.Web.Launch;

/// <summary>Pipelines of a dashboard: planned, queued, looked at, stopped, resumed.</summary>
public sealed class PipelineLaunch(IRunQueue queue, IRunStore store, DataFolder data, TimeProvider time)
{
    /// <summary>What would be done now; nothing is queued.</summary>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public async Task<PlanReport> PlanAsync(Pipeline pipeline, PipelineRequest request, CancellationToken stop = default) =>
        PlanReport.Of(pipeline.Name, await queue.PlanAsync(PipelinePlan.Of(pipeline, request), stop), store);

    /// <summary>Queues what has to be made: all of it, or nothing.</summary>
    /// <exception cref="InvalidRunException">With every failure.</exception>
    public async Task<PipelineRecord> SubmitAsync(Pipeline pipeline, PipelineRequest request, CancellationToken stop = default)
    {
        PipelineRecord? record = null;
        var group = PipelineRecord.NewGroup(pipeline.Name, time);
        await queue.SubmitAllAsync(
            PipelinePlan.Of(pipeline, request, group),
            plan =>
            {
                record = PipelineRecord.Of(pipeline, request, group, plan, time);
                record.Write(data);
            },
            stop);
        return record!;
    }

    public PipelineRecord? Find(string group) => PipelineRecord.Read(data, group);

    public PipelineReport Report(PipelineRecord record) => PipelineReport.Of(record, store);

    /// <summary>The last ones, newest first.</summary>
    public IReadOnlyList<PipelineRecord> Newest(int count) => PipelineRecord.Newest(data, count);

    /// <summary>Stops what runs and what waits; but not what runs outside this pipeline wait for.</summary>
    public Task StopAsync(PipelineRecord record) =>
        queue.StopAsync(StopScope.Of(store, [.. record.Stages.Select(stage => stage.Run)], StopScope.IsLive));

    /// <summary>Goes on with every stage that has stopped on its way.</summary>
    /// <exception cref="InvalidRunException">A stage cannot go on: names it.</exception>
    public void Resume(PipelineRecord record)
    {
        foreach (var stage in record.Stages)
            if (store.Find(stage.Run) is not { } run)
                throw new InvalidRunException("pipeline",
                    $"{stage.Stage}: its run {stage.Run} has been deleted. Launch the pipeline anew: what has finished is reused.");
            else if (run.State != RunState.Finished && !StopScope.IsLive(run))
                queue.Resume(stage.Run);
    }
}
