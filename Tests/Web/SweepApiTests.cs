using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

public sealed class SweepApiTests : IAsyncLifetime
{
    private HostedServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await HostedServer.StartAsync(MiniWorld.Make);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    /// <summary>The dashboard is killed while the first rung runs; the next one takes the sweep to its end by itself.</summary>
    [Fact]
    public async Task Sweeps_Halving_TrainsAllBrieflyAndTheBestInFull_AlsoAfterTheDashboardWasKilled()
    {
        await using var server = await ServerProcess.StartAsync(MiniWorld.Make);
        var request = Request(server.Data, "learningRate=0.001,0.002,0.003");
        request["halving"] = true;
        request["set"] = new JsonArray("epochs=3");
        var planned = await server.Client.PostJsonAsync("/api/sweeps/plan", request);
        Assert.Equal((3, 3, 0), (planned["points"]!.AsArray().Count, (int)planned["made"]!, (int)planned["reused"]!));
        Assert.Equal([1, 3], planned["rungs"]!.AsArray().Select(epochs => (int)epochs!));
        Assert.Empty((await server.Client.GetFromJsonAsync<JsonArray>("/api/runs"))!);

        var group = (string?)(await server.Client.PostJsonAsync("/api/sweeps", request, HttpStatusCode.Created))["group"];
        await server.KillAsync();
        await server.RestartAsync();
        var report = await UntilAsync(server.Client, group, "finished");

        var points = report["points"]!.AsArray();
        Assert.Equal([1, 0, 0], points.Select(point => (int)point!["rung"]!));
        Assert.Equal([false, true, true], points.Select(point => (bool)point!["ended"]!));
        Assert.Equal(0, (int)report["best"]!);
        Assert.All(points, point => Assert.Equal(0.25, (double)point!["miou"]!));
        var runs = Directory.GetDirectories(server.Data.Runs).Select(folder => new RunFolder(folder)).ToList();
        Assert.Equal([1, 1, 1, 3], runs.Select(run => run.ReadSpec().Options["epochs"]!.GetValue<int>()).Order());
        Assert.All(runs, run => Assert.Single(EventLogReader.ReadAll(run.Events).OfType<RunFinished>()));

        // Equal points are reused.
        var again = await server.Client.PostJsonAsync("/api/sweeps/plan", request);
        Assert.Equal((0, 3), ((int)again["made"]!, (int)again["reused"]!));
    }

    [Fact]
    public async Task Sweeps_SeedsStopAndResume_MeanOverSeeds()
    {
        var request = Request(_server.Data, "learningRate=0.001,0.002");
        request["seeds"] = new JsonArray(0, 2);
        request["set"] = new JsonArray("epochs=300");
        request["name"] = "slow";
        var group = (string?)(await Client.PostJsonAsync("/api/sweeps", request, HttpStatusCode.Created))["group"];

        var stopped = await Client.PostJsonAsync($"/api/sweeps/{group}/stop", null);
        Assert.Equal("cancelled", (string?)stopped["state"]);
        Assert.Equal("It was stopped.", (string?)stopped["stopped"]);
        Assert.All(stopped["points"]!.AsArray().SelectMany(point => point!["runs"]!.AsArray()),
            run => Assert.Equal("cancelled", (string?)run!["state"]));

        await Client.PostJsonAsync($"/api/sweeps/{group}/resume", null);
        var point = (await UntilAsync(Client, group, "finished"))["points"]![0]!;
        Assert.Equal(0.26, (double)point["miou"]!, 9);
        Assert.Equal((0.25, 0.27), (Math.Round((double)point["lowest"]!, 9), Math.Round((double)point["highest"]!, 9)));
        Assert.Equal(4, Directory.GetDirectories(_server.Data.Runs).Length);
    }

    /// <summary>What waits is not begun; what runs already, for this sweep or another, ends by itself.</summary>
    [Fact]
    public async Task Sweeps_HoursOver_BeginNothingMore()
    {
        var request = Request(_server.Data, "learningRate=0.001");
        request["set"] = new JsonArray("epochs=1");
        request["name"] = "held";
        var other = (string?)(await Client.PostJsonAsync("/api/sweeps", request, HttpStatusCode.Created))["group"];
        var held = (string)(await UntilAsync(Client, other, "running"))["points"]![0]!["runs"]![0]!["run"]!;
        request = Request(_server.Data, "learningRate=0.001,0.002");
        request["set"] = new JsonArray("epochs=1");
        request["hours"] = 1e-9;
        var group = (string?)(await Client.PostJsonAsync("/api/sweeps", request, HttpStatusCode.Created))["group"];
        await TemporaryData.Until(
            () => Client.GetFromJsonAsync<JsonObject>($"/api/sweeps/{group}").Result!["stopped"] is not null, "the hours to be over");
        CountingMethod.LetGo(_server.Data.Run(held));

        var ended = await UntilAsync(Client, group, "cancelled");
        Assert.Equal("Its 0 hours were over.", (string?)ended["stopped"]);
        Assert.Equal(["finished", "cancelled"], ended["points"]!.AsArray().Select(point => (string?)point!["runs"]![0]!["state"]));
    }

    [Fact]
    public async Task Sweeps_Wrong_AreRefusedWithEveryFailure()
    {
        var request = Request(_server.Data, "learningRate=0.001,-1", "epochs=1,2");
        request["halving"] = true;
        request["hours"] = -1;
        var errors = (await Client.PostJsonAsync("/api/sweeps", request, HttpStatusCode.BadRequest))["errors"]!.AsObject();
        Assert.Equal(["axis", "halving", "hours"], errors.Select(error => error.Key).Order());

        request = Request(_server.Data);
        request["ablation"] = true;
        Assert.Contains("ablation: cam has none. Methods with one: clims.",
            (await Client.PostJsonAsync("/api/sweeps", request, HttpStatusCode.BadRequest)).ToJsonString());
        request["target"] = "clims";
        var points = (await Client.PostJsonAsync("/api/sweeps/plan", request))["points"]!.AsArray();
        Assert.Equal(["0 0 0", "24 0 0", "24 60 0", "24 60 16"],
            points.Select(point => string.Join(' ', point!.AsObject().Select(weight => weight.Value))));
        request = Request(_server.Data, "learningRate=0.001");
        request["target"] = "nosuch";
        Assert.Contains("Pipelines: wsss", (await Client.PostJsonAsync("/api/sweeps", request, HttpStatusCode.BadRequest)).ToJsonString());
        request = Request(_server.Data, "learningRate=0.001");
        request["dataset"] = "/etc";
        Assert.Equal(["dataset"],
            (await Client.PostJsonAsync("/api/sweeps/plan", request, HttpStatusCode.BadRequest))["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("/api/sweeps/..%2F..%2Fetc")).StatusCode);
        Assert.Empty((await Client.GetFromJsonAsync<JsonArray>("/api/runs"))!);
        Assert.Empty((await Client.GetFromJsonAsync<JsonArray>("/api/sweeps"))!);
    }

    private static JsonObject Request(DataFolder data, params string[] axes) => new()
    {
        ["target"] = "cam",
        ["dataset"] = MiniWorld.In(data),
        ["preset"] = "builtin",
        ["axes"] = new JsonArray([.. axes.Select(axis => (JsonNode)axis)]),
    };

    private static Task<JsonObject> UntilAsync(HttpClient client, string? group, string state) => client.UntilAsync($"/api/sweeps/{group}", state);
}
