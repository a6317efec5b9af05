using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

public sealed class PipelineApiTests : IAsyncLifetime
{
    private HostedServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await HostedServer.StartAsync(MiniWorld.Make);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Pipelines_ListPlanLaunchAndLook()
    {
        var known = (await Client.GetFromJsonAsync<JsonArray>("/api/pipelines"))!.Single(pipeline => (string?)pipeline!["name"] == "clims-seeds")!;
        Assert.Equal(["cam", "clims"], known["stages"]!.AsArray().Select(stage => (string?)stage!["name"]));

        var plan = await Client.PostJsonAsync("/api/pipelines/clims-seeds/plan", Request(_server.Data));
        Assert.Equal(["make", "make"], plan["stages"]!.AsArray().Select(stage => (string?)stage!["step"]));
        Assert.Equal(0, (int?)(await Client.GetFromJsonAsync<JsonArray>("/api/runs"))!.Count);

        var group = (string?)(await Client.PostJsonAsync("/api/pipelines/clims-seeds", Request(_server.Data), HttpStatusCode.Created))["group"];
        var report = await FinishedAsync(Client, group);
        Assert.Equal(0.25, (double?)report["miou"]);
        Assert.Equal(["reuse", "reuse"],
            (await Client.PostJsonAsync("/api/pipelines/clims-seeds/plan", Request(_server.Data)))["stages"]!.AsArray()
                .Select(stage => (string?)stage!["step"]));
    }

    [Fact]
    public async Task Pipelines_WrongRequests_AreRefusedWithEveryFailure()
    {
        var wrong = Request(_server.Data);
        wrong["options"] = new JsonObject { ["cam"] = new JsonObject { ["epochs"] = 0 }, ["clims"] = new JsonObject { ["batchSize"] = -1 } };
        var problem = await Client.PostJsonAsync("/api/pipelines/clims-seeds", wrong, HttpStatusCode.BadRequest);
        Assert.Equal(["cam.epochs", "clims.batchSize"], problem["errors"]!.AsObject().Select(error => error.Key).Order());

        var outside = Request(_server.Data);
        outside["dataset"] = "/etc";
        Assert.Equal(
            ["dataset"],
            (await Client.PostJsonAsync("/api/pipelines/clims-seeds/plan", outside, HttpStatusCode.BadRequest))["errors"]!.AsObject()
            .Select(error => error.Key));
        Assert.Contains("Known pipelines",
            (string?)(await Client.PostJsonAsync("/api/pipelines/nosuch", Request(_server.Data), HttpStatusCode.NotFound))["detail"]);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/api/pipelines/runs/..%2F..%2Fetc")).StatusCode);
        Assert.Empty((await Client.GetFromJsonAsync<JsonArray>("/api/runs"))!);
    }

    /// <summary><c>kill -9</c> of the server and the stage's worker, once in each stage; the same request goes on with the same runs.</summary>
    [Fact]
    public async Task Pipelines_ServerAndWorkerKilledInEachStage_GivesTheSameNumbersAndRunsNoStageTwice()
    {
        await using var server = await ServerProcess.StartAsync(MiniWorld.Make);
        var slow = Request(server.Data, epochs: 40, name: "slow");
        var runs = await RunsAsync(server.Client, server.Data, await LaunchAsync(server.Client, slow));
        foreach (var run in runs)
        {
            await TemporaryData.Until(() => EventLogReader.ReadAll(run.Events).OfType<RunCheckpoint>().Any(), $"a checkpoint of {run.Id}");
            await server.KillAsync();
            WorkerLock.Holder(run, TimeProvider.System)?.Send(UnixSignal.Kill);
            await TemporaryData.Until(() => WorkerLock.Holder(run, TimeProvider.System) is null, "the worker's end");
            await server.RestartAsync();
            Assert.Equal(runs.Select(known => known.Id),
                (await RunsAsync(server.Client, server.Data, await LaunchAsync(server.Client, slow))).Select(known => known.Id));
        }

        await FinishedAsync(server.Client, await LaunchAsync(server.Client, slow));

        Assert.Equal(2, Directory.GetDirectories(server.Data.Runs).Length);
        Assert.All(runs, run =>
        {
            var projection = RunProjection.Of(run);
            Assert.Equal((400, CountingMethod.Loss(0, 400)), (projection.Metric("loss")!.Count, projection.Metric("loss")!.Last));
            Assert.Single(projection.Evaluations);
            Assert.Single(EventLogReader.ReadAll(run.Events).OfType<RunFinished>());
        });
    }

    [Fact]
    public async Task Pipelines_StopAndResume_GoThroughTheWholeGroup()
    {
        var group = await LaunchAsync(Client, Request(_server.Data, epochs: 300, name: "slow"));
        var cam = (await RunsAsync(Client, _server.Data, group))[0];
        await TemporaryData.Until(() => EventLogReader.ReadAll(cam.Events).OfType<RunCheckpoint>().Any(), "a checkpoint");

        var stopped = await Client.PostJsonAsync($"/api/pipelines/runs/{group}/stop", null);
        Assert.Equal(["cancelled", "cancelled"], stopped["stages"]!.AsArray().Select(stage => (string?)stage!["state"]));
        await Client.PostJsonAsync($"/api/pipelines/runs/{group}/resume", null);

        await FinishedAsync(Client, group);
    }

    private static JsonObject Request(DataFolder data, int epochs = 2, string? name = null) => new()
    {
        ["dataset"] = MiniWorld.In(data),
        ["preset"] = "builtin",
        ["name"] = name,
        ["options"] = new JsonObject { ["cam"] = new JsonObject { ["epochs"] = epochs }, ["clims"] = new JsonObject { ["epochs"] = epochs } },
    };

    private static async Task<string?> LaunchAsync(HttpClient client, JsonObject request) =>
        (string?)(await client.PostJsonAsync("/api/pipelines/clims-seeds", request, HttpStatusCode.Created))["group"];

    private static async Task<List<RunFolder>> RunsAsync(HttpClient client, DataFolder data, string? group) =>
        [.. (await client.GetFromJsonAsync<JsonObject>($"/api/pipelines/runs/{group}"))!["stages"]!.AsArray()
            .Select(stage => data.Run((string?)stage!["run"] ?? ""))];

    private static Task<JsonObject> FinishedAsync(HttpClient client, string? group) => client.UntilAsync($"/api/pipelines/runs/{group}", "finished");
}
