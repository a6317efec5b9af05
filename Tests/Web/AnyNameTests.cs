using System.Net;
using System.Text.Json.Nodes;
using Dashboard.Domain.Runs;
using Dashboard.Tests.EndToEnd;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

/// <summary>Whatever a metric is called, its values come out under that name.</summary>
public sealed class AnyNameTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly string[] Names =
    [
        "epoch/loss", "loss term/OTM", "100%", "a%2Fb", "Überlappung 重叠 🐑", "=1+1", "@SUM(A1)", "-loss", "+x", "say \"so\"", "two\nlines", "a,b;c",
        "a?b#c&d=e+f", " spaced ", "..", "a/../b", "<b>", "'",
    ];

    [Fact]
    public async Task Series_AnyName_IsFoundAsAParameterAndAsAPathAndInTheExports()
    {
        using var run = new FabricatedRun(fixture.Server.Data, "20260101-000000-cam-name").Start();
        for (var step = 1; step <= 2; step++)
            run.Report(new RunMetrics(step, 1, Names.Select((name, k) => (name, k)).ToDictionary(pair => pair.name, pair => pair.k + (step / 10.0))));
        run.Finish();
        var address = $"/api/runs/{run.Folder.Id}";
        await fixture.UntilFinished(run.Folder.Id);

        var json = JsonNode.Parse(await fixture.Client.GetStringAsync($"{address}/curves.json"))!.AsObject();
        Assert.Equal(Names.Order(StringComparer.Ordinal), json.Select(series => series.Key).Order(StringComparer.Ordinal));
        foreach (var (name, k) in Names.Select((name, k) => (name, k)))
        {
            await AssertSeriesAsync($"{address}/series?metric={Uri.EscapeDataString(name)}", k);
            // A client may not send dots as they are: they mean folders there.
            if (!name.Contains("..", StringComparison.Ordinal))
                await AssertSeriesAsync($"{address}/series/{Uri.EscapeDataString(name)}", k);
            var one = JsonNode.Parse(await fixture.Client.GetStringAsync($"{address}/curves.json?metric={Uri.EscapeDataString(name)}"))!.AsObject();
            Assert.Equal([name], one.Select(series => series.Key));
        }
        await AssertSeriesAsync($"{address}/series/epoch/loss", 0);

        var cells = (await fixture.Client.GetStringAsync($"{address}/curves.csv")).Split('\n');
        Assert.Contains("'=1+1,1,", string.Join('\n', cells), StringComparison.Ordinal);
        Assert.DoesNotContain(cells, line => line.Length > 0 && "=+-@".Contains(line[0]));
        Assert.Contains(cells, line => line.StartsWith("\"say \"\"so\"\"\",1,", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunName_Formula_IsHarmlessInTheLeaderboardAndWholeInTheApi()
    {
        const string name = "=cmd|' /C calc'!A0 \"x\"\n/ü%";
        using var run = new FabricatedRun(fixture.Server.Data, "20260101-000001-cam-name", name).Start();
        run.Train(50);
        run.Evaluate();
        run.Finish();
        await TemporaryData.Until(() => fixture.Client.GetStringAsync("/api/leaderboard").Result.Contains(run.Folder.Id, StringComparison.Ordinal),
            "the run to be ranked");

        Assert.Equal(name, JsonNode.Parse(await fixture.Client.GetStringAsync($"/api/runs/{run.Folder.Id}"))!["spec"]!["name"]!.GetValue<string>());
        Assert.Contains("\"'=cmd|' /C calc'!A0 \"\"x\"\"\n/ü%\"", await fixture.Client.GetStringAsync("/api/leaderboard.csv"),
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Client.GetAsync($"/runs/{run.Folder.Id}")).StatusCode);
    }

    private async Task AssertSeriesAsync(string address, int k)
    {
        var answer = await fixture.GetRawAsync(address);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {answer.StatusCode}");
        Assert.Equal([k + 0.1, k + 0.2],
            JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["last"]!.AsArray().Select(value => value!.GetValue<double>()));
    }
}
