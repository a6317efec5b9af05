using System.Net;
using System.Text.Json.Nodes;
using Dashboard.Backend.Runs;
using Dashboard.Tests.Runs;
using Microsoft.Data.Sqlite;

namespace Dashboard.Tests.Web;

/// <summary>The list of runs over the API: in pieces, filtered and sorted, and where it cannot be had.</summary>
public sealed class RunListApiTests : IAsyncLifetime
{
    private HostedServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await HostedServer.StartAsync(WriteRuns);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Runs_InPieces_TellHowManyThereAre()
    {
        var newest = await ListAsync("limit=10&offset=3");
        Assert.Equal(25, newest.Total);
        // The damaged one, which cannot say when it was made, stands where its folder's time puts it: first.
        Assert.Equal(Enumerable.Range(13, 10).Reverse().Select(i => $"run-{i:00}"), Ids(newest));
        Assert.Equal(["run-00", "run-01"], Ids(await ListAsync("sort=miou&asc=true&limit=2")));
        Assert.Equal(["run-02", "run-01", "run-00"], Ids(await ListAsync("q=FIRST")));
        Assert.Equal(24, (await ListAsync("state=finished&limit=1")).Total);
        Assert.Equal(25, (await ListAsync("")).Runs.Count);
        var damaged = await ListAsync("state=damaged");
        Assert.Equal(["run-07"], Ids(damaged));
        Assert.Contains("spec.json is damaged", (string)damaged.Runs[0]!["message"]!);

        foreach (var query in new[] { "limit=0", "limit=100000", "offset=-1", "sort=colour", "state=7", "state=bogus", "limit=x" })
            Assert.Equal(HttpStatusCode.BadRequest, (await Client.GetAsync($"/api/runs?{query}")).StatusCode);
        var board = JsonNode.Parse(await Client.GetStringAsync("/api/leaderboard?top=2"))!.AsArray();
        Assert.Equal(["run-24", "run-23"], board.Where(row => (string)row!["kind"]! == "run").Select(row => (string)row!["run"]!));
    }

    [Fact]
    public async Task Run_OfACluster_TellsItsJob()
    {
        var run = JsonNode.Parse(await Client.GetStringAsync("/api/runs/run-03"))!;
        var here = JsonNode.Parse(await Client.GetStringAsync("/api/runs/run-04"))!.AsObject();

        Assert.Equal("""{"id":"17_3","state":"COMPLETED","node":"node3","resumes":1,"mostResumes":3}""", run["job"]!.ToJsonString());
        Assert.False(here.ContainsKey("job"));
    }

    [Fact]
    public async Task DataFolder_DeletedWhileServed_IsSaid()
    {
        // Deleted as a whole it may come back with a log: the program writes on.
        var away = _server.Data.Runs + "-away";
        Directory.Move(_server.Data.Runs, away);
        try
        {
            await TemporaryData.Until(() => Client.GetAsync("/api/runs").Result.StatusCode == HttpStatusCode.ServiceUnavailable,
                "the loss to be said");
            Assert.Contains($"The folder {_server.Data.Runs} is gone",
                (string)JsonNode.Parse(await (await Client.GetAsync("/api/runs")).Content.ReadAsStringAsync())!["detail"]!);
        }
        finally
        {
            Directory.Move(away, _server.Data.Runs);
        }
        await TemporaryData.Until(() => Client.GetAsync("/api/runs").Result.IsSuccessStatusCode, "the runs to come back");
    }

    /// <summary>It takes two seconds. Here a busy machine has more, but less than the thirty that each write once waited for.</summary>
    [Fact]
    public async Task Terminate_WithALockedIndex_EndsSoonAndLosesNothing()
    {
        await using var server = await ServerProcess.StartAsync(WriteRuns, environment: ServerProcess.Idle);
        using var connection = new SqliteConnection($"Data Source={server.Data.Index};Pooling=False");
        connection.Open();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
        }
        FinishedRuns.Write(server.Data, "new", day: 40);

        await server.TerminateAsync(TimeSpan.FromSeconds(25));

        connection.Close();
        await server.RestartAsync();
        Assert.Contains("new", Ids(await ListAsync(server.Client, "limit=100")));
    }

    private static void WriteRuns(DataFolder data)
    {
        for (var i = 0; i < 25; i++)
            FinishedRuns.Write(data, $"run-{i:00}", miou: i / 100.0, day: i, name: i < 3 ? "first" : null);
        File.WriteAllText(data.Run("run-07").Spec, "{");
        new RunJob("17_3", DateTimeOffset.UnixEpoch, "COMPLETED", Resumes: 1, Node: "node3", MostResumes: 3).Write(data.Run("run-03"));
    }

    private Task<RunList> ListAsync(string query) => ListAsync(Client, query);

    private static async Task<RunList> ListAsync(HttpClient client, string query)
    {
        var answer = await client.GetAsync($"/api/runs?{query}");
        return new(int.Parse(answer.Headers.GetValues("X-Total-Count").Single()),
            JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray());
    }

    private static IEnumerable<string> Ids(RunList list) => list.Runs.Select(run => (string)run!["id"]!);

    private sealed record RunList(int Total, JsonArray Runs);
}
