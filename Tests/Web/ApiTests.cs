using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Domain.Runs;
using Dashboard.Tests.EndToEnd;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

public sealed class ApiTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Submit_ManyFaults_NamesEveryOne()
    {
        var answer = await fixture.Client.PostAsJsonAsync("/api/runs",
            new { method = "cam", dataset = "nosuch", seed = -1, options = new { epochs = 0, batchSize = "many", epoch = 3 } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var errors = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsObject();
        foreach (var option in new[] { "dataset", "seed", "epochs", "batchSize", "epoch" })
            Assert.True(errors.ContainsKey(option), $"{option} is not named in {errors.ToJsonString()}");
    }

    [Fact]
    public async Task Run_SubmittedOverTheApi_RunsAndIsDeleted()
    {
        var created = await fixture.Client.PostAsJsonAsync("/api/runs",
            new { method = "cam", dataset = "cooccurrence", preset = "builtin", seed = 3, options = new { epochs = 1 } });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var address = created.Headers.Location!.ToString();

        await TemporaryData.Until(() => State(address) == "finished", "the run to finish");

        var events = JsonNode.Parse(await fixture.Client.GetStringAsync(address + "/events?after=1"))!.AsArray();
        Assert.Equal(2, events[0]!["seq"]!.GetValue<long>());
        Assert.Equal("finished", events[^1]!["type"]!.GetValue<string>());
        Assert.Equal(10, JsonNode.Parse(await fixture.Client.GetStringAsync(address + "/series/loss"))!["points"]!.GetValue<long>());
        Assert.Equal(HttpStatusCode.NoContent, (await fixture.Client.DeleteAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Client.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Ablation_SubmittedOverTheApi_NamesItsGroupAndRuns()
    {
        var created = await fixture.Client.PostAsJsonAsync("/api/ablations",
            new { method = "clims", dataset = "cooccurrence", preset = "builtin", options = new { epochs = 1 } });

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var answer = JsonNode.Parse(await created.Content.ReadAsStringAsync())!;
        Assert.Equal($"/compare/runs?group={answer["group"]}", created.Headers.Location!.ToString());
        Assert.Equal(["OTM", "OTM+BTM", "OTM+BTM+REG", "OTM+BTM+REG+CBS"],
            answer["runs"]!.AsArray().Select(run => run!["spec"]!["name"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("/api/runs")]
    [InlineData("/api/ablations")]
    public async Task Submit_ModelOutsideTheAllowedFolders_IsRefused(string address)
    {
        var answer = await fixture.Client.PostAsJsonAsync(address,
            new { method = "clims", dataset = "cooccurrence", preset = "builtin", options = new { clip = "/etc/passwd" } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("outside the folders", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!["clip"]![0]!.GetValue<string>());
    }

    /// <summary>No path and no name can hold it, and what walks paths throws at it.</summary>
    [Theory]
    [InlineData("dataset", "a\0b", "")]
    [InlineData("dataset", "/tmp/a\0b", "")]
    [InlineData("checkpoint", "cooccurrence", "/tmp/a\0b")]
    [InlineData("clip", "cooccurrence", "/tmp/a\0b")]
    [InlineData("clip", "cooccurrence", "a\0b")]
    public async Task Submit_NulInAName_IsRefusedByItsOption(string option, string dataset, string text)
    {
        var options = option == "dataset" ? [] : new JsonObject { [option] = text };
        var answer = await fixture.Client.PostAsJsonAsync("/api/runs", new { method = "clims", dataset, preset = "builtin", options });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.AsObject().ContainsKey(option));
    }

    [Theory]
    [InlineData("/api/runs")]
    [InlineData("/api/ablations")]
    public async Task Submit_UnknownModel_IsNamedAndNothingIsMade(string address)
    {
        var before = await fixture.Client.GetStringAsync("/api/runs?method=clims");
        var answer = await fixture.Client.PostAsJsonAsync(address,
            new { method = "clims", dataset = "cooccurrence", preset = "builtin", options = new { clip = "nosuch" } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("clip: There is no model 'nosuch'. Known: cooccurrence,",
            JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!["clip"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(before, await fixture.Client.GetStringAsync("/api/runs?method=clims"));
    }

    [Fact]
    public async Task Leaderboard_CsvAndJson_HaveAllDigits()
    {
        using var run = new FabricatedRun(fixture.Server.Data, "20260101-000000-cam-rank", "a, \"quoted\" name").Start();
        const double miou = 0.1 + 0.2;
        run.Report(new RunEvaluated(
            1, "CAM", false,
            new Protocol { Stage = Protocol.Stages.SeedCam, Dataset = "digits", Split = "val", Threshold = 0.35,
                ThresholdSource = Protocol.SweptThreshold, Tags = Protocol.TagsGiven, Images = 7 },
            miou, [0.7, null], ["background", "cat"], new ConfidenceInterval(0.25, 0.35, 0.95), null));
        run.Finish();
        await TemporaryData.Until(() => fixture.Client.GetStringAsync("/api/leaderboard").Result.Contains("\"digits\""), "the number to be indexed");

        var json = JsonNode.Parse(await fixture.Client.GetStringAsync("/api/leaderboard.json"))!.AsArray().Single(row =>
            row!["dataset"]!.GetValue<string>() == "digits")!;
        var csv = await fixture.Client.GetAsync("/api/leaderboard.csv");
        var lines = (await csv.Content.ReadAsStringAsync()).Split("\r\n");
        var line = lines.Single(line => line.Contains("cam-rank"));

        Assert.Equal(miou, json["miou"]!.GetValue<double>());
        Assert.Equal(1, json["rank"]!.GetValue<int>());
        Assert.Equal("text/csv", csv.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("rank,kind,row,run,", lines[0]);
        Assert.Contains("0.30000000000000004", line);
        Assert.Contains("\"a, \"\"quoted\"\" name\"", line);
        Assert.Contains(lines, other => other.Contains("published"));
    }

    /// <summary>The remedy is the caller's, so it is told, and nothing is logged as the server's fault.</summary>
    [Theory]
    [InlineData("/api/models", "{}", "path")]
    [InlineData("/api/models", """{"path":null}""", "path")]
    [InlineData("/api/datasets", """{"name":"mine"}""", "path")]
    [InlineData("/api/runs", """{"method":"zeroshot"}""", "dataset")]
    [InlineData("/api/runs", """{"method":"zeroshot","dataset":null}""", "dataset")]
    [InlineData("/api/runs", "[", "JSON")]
    public async Task Api_BodyThatLacksWhatItNeeds_NamesIt(string address, string body, string named)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await fixture.Client.PostAsync(address, content);
        Assert.InRange((int)answer.StatusCode, 400, 499);
        Assert.Contains(named, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_UnknownAddressAndBadQuery_AnswerProblems()
    {
        foreach (var (path, status) in new[] { ("/api/nosuch", HttpStatusCode.NotFound), ("/api/runs/nosuch", HttpStatusCode.NotFound),
            ("/api/runs?state=bogus", HttpStatusCode.BadRequest), ("/api/methods/nosuch", HttpStatusCode.NotFound) })
        {
            var answer = await fixture.Client.GetAsync(path);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task Page_LoadsNothingFromElsewhere()
    {
        var html = await fixture.Client.GetStringAsync("/");

        Assert.DoesNotContain("https://", html);
        Assert.DoesNotContain("\"//", html);
    }

    private string? State(string address) => JsonNode.Parse(fixture.Client.GetStringAsync(address).Result)?["state"]?.GetValue<string>();
}
