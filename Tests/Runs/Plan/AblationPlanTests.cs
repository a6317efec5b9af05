using System.Text.Json.Nodes;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Backend.Runs.Plan;
using Dashboard.Domain.Runs;

namespace Dashboard.Tests.Runs.Plan;

public sealed class AblationPlanTests : IDisposable
{
    private readonly TemporaryData _data = new();
    private readonly RunStore _store;
    private readonly RunQueue _queue;

    public AblationPlanTests()
    {
        _store = _data.OpenStore();
        _queue = _data.OpenQueue(_store);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _store.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Submit_Clims_QueuesFourRunsThatDifferInTheirLossesOnly()
    {
        var specs = await SubmitAsync(new("clims", "empty", "builtin", new JsonObject { ["epochs"] = 1 }, Seed: 5));

        Assert.Equal(["OTM", "OTM+BTM", "OTM+BTM+REG", "OTM+BTM+REG+CBS"], specs.Select(spec => spec.Name));
        Assert.Equal(
            [(10, 0, 0, 0), (10, 24, 0, 0), (10, 24, 60, 0), (10, 24, 60, 16)],
            specs.Select(spec =>
                (Weight(spec.Options, "otm"), Weight(spec.Options, "btm"), Weight(spec.Options, "reg"), Weight(spec.Options, "cbs"))));
        Assert.All(specs,
            spec => Assert.Equal((5, 1, specs[0].Inputs["baseline"]), (spec.Seed, spec.Options["epochs"]!.GetValue<int>(), spec.Inputs["baseline"])));
        Assert.Matches(@"^ablation-\d{8}-\d{6}-[0-9a-f]{4}$", specs[0].Group);
        Assert.Single(specs.Select(spec => spec.Group).Distinct());
        Assert.Equal(5, _store.Runs.Count);
    }

    [Fact]
    public async Task Submit_MethodWithoutAblation_IsRefused() =>
        Assert.Contains("Methods with one: clims",
            (await Assert.ThrowsAsync<InvalidRunException>(() => SubmitAsync(new("cam", "empty", "builtin")))).Message);

    [Fact]
    public async Task Submit_BadOption_QueuesNothing()
    {
        await Assert.ThrowsAsync<InvalidRunException>(() => SubmitAsync(new("clims", "empty", "builtin", new JsonObject { ["epochs"] = 0 })));

        Assert.Empty(_store.Runs);
    }

    private async Task<IReadOnlyList<RunSpec>> SubmitAsync(RunRequest request) =>
        [.. (await _queue.SubmitAllAsync(AblationPlan.Of(request, TimeProvider.System))).Wanted.Select(run => run.Spec)];

    private static double Weight(JsonObject options, string term) => options[$"{term}Weight"]!.GetValue<double>();
}
