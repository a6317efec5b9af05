using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Cli;
using Dashboard.Tests.EndToEnd;

namespace Dashboard.Tests.Web;

/// <summary>What pages of other sites, other names and odd paths get from a dashboard that needs no token: nothing.</summary>
public sealed class LoopbackSafetyTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    public async Task Request_UnderAName_IsServedOnlyForThisMachine(string host, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/runs");
        request.Headers.Host = host;

        Assert.Equal(expected, (await fixture.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Change_FromAnotherSite_IsRefused(string header, string value)
    {
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/runs"), (HttpMethod.Post, "/api/runs/x/stop"),
            (HttpMethod.Delete, "/api/runs/x"), (HttpMethod.Post, "/api/datasets") })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add(header, value);
            Assert.Equal(HttpStatusCode.Forbidden, (await fixture.Client.SendAsync(request)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/_blazor")]
    [InlineData("/hubs/runs")]
    public async Task WebSocket_FromAnotherSite_IsRefused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Connection", "Upgrade");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Origin", "http://evil.example");

        Assert.Equal(HttpStatusCode.Forbidden, (await fixture.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Change_FromTheOwnPages_ReachesTheApi()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs/nosuch/stop");
        request.Headers.Add("Origin", fixture.Server.Address);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task RunFiles_OutsideTheServedFolders_AreNotFound()
    {
        using var run = new FabricatedRun(fixture.Server.Data, "20260101-000000-cam-file");
        var folder = run.Folder;
        Directory.CreateDirectory(folder.Snapshots);
        Directory.CreateDirectory(folder.Masks);
        File.WriteAllText(Path.Combine(folder.Snapshots, "a.png"), "picture");
        File.WriteAllText(Path.Combine(fixture.Server.Data.Path, "secret"), "secret");
        File.CreateSymbolicLink(Path.Combine(folder.Snapshots, "link.png"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(folder.Snapshots, "up"), folder.Path);
        var files = $"/api/runs/{folder.Id}/files/";
        await Runs.TemporaryData.Until(() => fixture.Client.GetAsync(files + "snapshots/a.png").Result.IsSuccessStatusCode, "the run to be seen");

        var served = await fixture.Client.GetAsync(files + "snapshots/a.png");
        Assert.Contains("immutable", served.Headers.CacheControl!.ToString());
        foreach (var path in new[]
        {
            "spec.json", "events.jsonl", "worker.log", "snapshots", "snapshots/", "snapshots/../spec.json", "snapshots/..%2fspec.json",
            "snapshots/%2e%2e/spec.json", "snapshots/%2e%2e%2fspec.json",
            "snapshots/..%5cspec.json", "snapshots/../../../secret", "../../../secret", "%2e%2e/%2e%2e/secret", "snapshots//etc/passwd",
            "/etc/passwd", "snapshots/%00", "snapshots/link.png", "snapshots/up/spec.json", "masks/../snapshots/link.png",
        })
        {
            var answer = await fixture.GetRawAsync(files + path);
            Assert.False(answer.IsSuccessStatusCode, $"{path} was served: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Of a run whose data set lies where pages may not look, and which has not been measured yet.</summary>
    [Fact]
    public async Task LabelMap_OfDataOutsideTheRoots_HasTheColoursOfTheClassesThatTheRunTells()
    {
        var folder = RunFolder.Create(fixture.Server.Data.Run("20260101-000000-cam-away").Path, new RunSpec
        {
            Id = "20260101-000000-cam-away", Method = "cam", Options = [], Dataset = "/etc", Seed = 0, Device = "cpu", CodeVersion = "test",
            Created = DateTimeOffset.UnixEpoch,
        });
        Directory.CreateDirectory(folder.Masks);
        ImageFile.WriteLabels(Path.Combine(folder.Masks, "a.png"), new(2, 1, [0, 1]));
        var address = $"/api/runs/{folder.Id}/files/masks/a.png?coloured=true";
        await Runs.TemporaryData.Until(() => fixture.Client.GetAsync(address).Result.IsSuccessStatusCode, "the run to be seen");

        var unknown = await fixture.Client.GetAsync(address);
        Assert.Equal("no-cache", unknown.Headers.CacheControl!.ToString());
        ClassNamesFile.Write(folder, ["background", "horse"]);
        var known = await fixture.Client.GetAsync(address);

        Assert.Contains("immutable", known.Headers.CacheControl!.ToString());
        var (red, green, blue) = ClassColours.Of("horse");
        Assert.Equal([0, 0, 0, red, green, blue], ImageFile.DecodeRgb(await known.Content.ReadAsByteArrayAsync(), "a.png").Pixels);
    }

    [Theory]
    [InlineData("cam", "/etc")]
    [InlineData("CAM", " /etc/")]
    public async Task Submit_PathsOutsideTheRoots_NamesEveryOneAndTheRemedy(string method, string dataset)
    {
        var answer = await fixture.Client.PostAsJsonAsync("/api/runs",
            new { method, dataset, options = new { checkpoint = fixture.Server.Data.Path + "/../../etc/passwd" } });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Contains("Dashboard:Roots", problem["errors"]!["dataset"]![0]!.GetValue<string>());
        Assert.Contains("Dashboard:Roots", problem["errors"]!["checkpoint"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Register_FolderOutsideTheRoots_IsRefused()
    {
        var link = Path.Combine(fixture.Server.Data.Path, "out");
        Directory.CreateSymbolicLink(link, "/usr");

        foreach (var path in new[] { "/usr", link + "/share", fixture.Server.Data.Path + "/../..", "relative" })
        {
            var answer = await fixture.Client.PostAsJsonAsync("/api/datasets", new { name = "mine", path });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        }
        Assert.DoesNotContain("mine", await fixture.Client.GetStringAsync("/api/datasets"));
    }

    [Fact]
    public async Task Serve_PortInUse_NamesThePortAndTheRemedy()
    {
        var data = Directory.CreateTempSubdirectory("dashboard-port-").FullName;
        var answer = await Shell.CallAsync("serve", "--urls", fixture.Server.Address, "--data", data);
        Directory.Delete(data, recursive: true);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(new Uri(fixture.Server.Address).Port.ToString(), answer.Error);
        Assert.Contains("--urls", answer.Error);
        Assert.DoesNotContain("   at ", answer.Error);
    }
}
