using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

public sealed class SweepApiTests : IAsyncLifetime
{
    private ServerProcess _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(data => CooccurrenceWorld.Make(Path.Combine(data.Path, "mini"), train: 1, val: 1, size: 16));
        _client = new HttpClient { BaseAddress = new Uri(_server.Address) };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>The dashboard is killed while the first rung runs; the next one takes the sweep to its end by itself.</summary>
    [Fact]
    public async Task Sweeps_Halving_TrainsAllBrieflyAndTheBestInFull_AlsoAfterTheDashboardWasKilled()
    {
        var request = Request("learningRate=0.001,0.002,0.003");
        request["halving"] = true;
        request["set"] = new JsonArray("epochs=3");
        var planned = await PostAsync("/api/sweeps/plan", request);
        Assert.Equal((3, 3, 0), (planned["points"]!.AsArray().Count, (int)planned["made"]!, (int)planned["reused"]!));
        Assert.Equal([1, 3], planned["rungs"]!.AsArray().Select(epochs => (int)epochs!));
        Assert.Empty((await _client.GetFromJsonAsync<JsonArray>("/api/runs"))!);

        var group = (string?)(await PostAsync("/api/sweeps", request, HttpStatusCode.Created))["group"];
        await _server.KillAsync();
        await _server.RestartAsync();
        var report = await EndedAsync(group, "finished");

        var points = report["points"]!.AsArray();
        Assert.Equal([1, 0, 0], points.Select(point => (int)point!["rung"]!));
        Assert.Equal([false, true, true], points.Select(point => (bool)point!["ended"]!));
        Assert.Equal(0, (int)report["best"]!);
        Assert.All(points, point => Assert.Equal(0.25, (double)point!["miou"]!));
        var runs = Directory.GetDirectories(_server.Data.Runs).Select(folder => new RunFolder(folder)).ToList();
        Assert.Equal([1, 1, 1, 3], runs.Select(run => run.ReadSpec().Options["epochs"]!.GetValue<int>()).Order());
        Assert.All(runs, run => Assert.Single(EventLogReader.ReadAll(run.Events).OfType<RunFinished>()));

        // Equal points are reused.
        var again = await PostAsync("/api/sweeps/plan", request);
        Assert.Equal((0, 3), ((int)again["made"]!, (int)again["reused"]!));
    }

    [Fact]
    public async Task Sweeps_SeedsStopAndResume_MeanOverSeeds()
    {
        var request = Request("learningRate=0.001,0.002");
        request["seeds"] = new JsonArray(0, 2);
        request["set"] = new JsonArray("epochs=300");
        request["name"] = "slow";
        var group = (string?)(await PostAsync("/api/sweeps", request, HttpStatusCode.Created))["group"];

        var stopped = await PostAsync($"/api/sweeps/{group}/stop", null);
        Assert.Equal("cancelled", (string?)stopped["state"]);
        Assert.Equal("It was stopped.", (string?)stopped["stopped"]);
        Assert.All(stopped["points"]!.AsArray().SelectMany(point => point!["runs"]!.AsArray()),
            run => Assert.Equal("cancelled", (string?)run!["state"]));

        await PostAsync($"/api/sweeps/{group}/resume", null);
        var point = (await EndedAsync(group, "finished"))["points"]![0]!;
        Assert.Equal(0.26, (double)point["miou"]!, 9);
        Assert.Equal((0.25, 0.27), (Math.Round((double)point["lowest"]!, 9), Math.Round((double)point["highest"]!, 9)));
        Assert.Equal(4, Directory.GetDirectories(_server.Data.Runs).Length);
    }

    [Fact]
    public async Task Sweeps_Wrong_AreRefusedWithEveryFailure()
    {
        var request = Request("learningRate=0.001,-1", "epochs=1,2");
        request["halving"] = true;
        request["hours"] = -1;
        var errors = (await PostAsync("/api/sweeps", request, HttpStatusCode.BadRequest))["errors"]!.AsObject();
        Assert.Equal(["axis", "halving", "hours"], errors.Select(error => error.Key).Order());

        request = Request();
        request["ablation"] = true;
        Assert.Contains("ablation: cam has none. Methods with one: clims.",
            (await PostAsync("/api/sweeps", request, HttpStatusCode.BadRequest)).ToJsonString());
        request["target"] = "clims";
        var points = (await PostAsync("/api/sweeps/plan", request))["points"]!.AsArray();
        Assert.Equal(["0 0 0", "24 0 0", "24 60 0", "24 60 16"],
            points.Select(point => string.Join(' ', point!.AsObject().Select(weight => weight.Value))));
        request = Request("learningRate=0.001");
        request["target"] = "nosuch";
        Assert.Contains("Pipelines: wsss", (await PostAsync("/api/sweeps", request, HttpStatusCode.BadRequest)).ToJsonString());
        request = Request("learningRate=0.001");
        request["dataset"] = "/etc";
        Assert.Equal(["dataset"],
            (await PostAsync("/api/sweeps/plan", request, HttpStatusCode.BadRequest))["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/api/sweeps/..%2F..%2Fetc")).StatusCode);
        Assert.Empty((await _client.GetFromJsonAsync<JsonArray>("/api/runs"))!);
        Assert.Empty((await _client.GetFromJsonAsync<JsonArray>("/api/sweeps"))!);
    }

    private JsonObject Request(params string[] axes) => new()
    {
        ["target"] = "cam",
        ["dataset"] = Path.Combine(_server.Data.Path, "mini"),
        ["preset"] = "builtin",
        ["axes"] = new JsonArray([.. axes.Select(axis => (JsonNode)axis)]),
    };

    private async Task<JsonObject> EndedAsync(string? group, string state)
    {
        JsonObject report = [];
        await TemporaryData.Until(
            () => (string?)(report = _client.GetFromJsonAsync<JsonObject>($"/api/sweeps/{group}").Result!)["state"] == state,
            $"{group} to be {state}");
        return report;
    }

    private async Task<JsonObject> PostAsync(string address, JsonObject? body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await _client.PostAsync(address, body is null ? null : JsonContent.Create(body.DeepClone()));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, text);
        return JsonNode.Parse(text)!.AsObject();
    }
}
