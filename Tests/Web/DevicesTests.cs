using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Backend.Libtorch;
using Dashboard.Backend.Runs.Log;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

public sealed class DevicesTests(ServerProcessFixture dashboard) : IClassFixture<ServerProcessFixture>
{
    private static readonly object Request = new { method = "cam", dataset = "cooccurrence", preset = "builtin" };

    [Fact]
    public async Task Devices_AreToldByAProcessOfTheirOwn()
    {
        var report = await dashboard.Client.GetFromJsonAsync<LibtorchReport>("/api/devices", RunJson.Line);

        Assert.Matches(@"^2\.\d+\.\d+", report!.Version);
        Assert.Contains("cpu", report.Devices);
        Assert.DoesNotContain("libtorch", await File.ReadAllTextAsync($"/proc/{dashboard.Server.ProcessId}/maps"));
    }

    [Fact]
    public async Task Launch_OnADeviceThatIsNotThere_IsRefused()
    {
        await dashboard.Client.GetStringAsync("/api/devices");

        var answer = await dashboard.Client.PostAsJsonAsync("/api/runs",
            new { method = "cam", dataset = "cooccurrence", preset = "builtin", device = "cuda:99" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("sees no cuda:99", await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Two GPUs by name; none is there, which is their workers' business.</summary>
    [Fact]
    public async Task DevicesOfTheConfiguration_AreUsedAndToldWithTheirRuns()
    {
        await using var server = await ServerProcess.StartAsync(environment: new Dictionary<string, string>
        {
            ["Dashboard__Devices__0"] = "cuda:0", ["Dashboard__Devices__1"] = "cuda:1", ["Dashboard__Slots"] = "2",
        });
        var launch = new { method = "cam", dataset = "cooccurrence", preset = "builtin", device = "cuda", name = "held" };
        for (var run = 0; run < 5; run++)
            Assert.Equal(HttpStatusCode.Created, (await server.Client.PostAsJsonAsync("/api/runs", launch)).StatusCode);

        JsonElement[] uses = [];
        await TemporaryData.Until(() =>
        {
            uses = [.. server.Client.GetFromJsonAsync<JsonElement>("/api/devices/use").GetAwaiter().GetResult().EnumerateArray()];
            return uses.Where(use => use.GetProperty("device").GetString() != "cuda").Sum(use => Count(use, "running")) == 4;
        }, "four runs on two devices");

        Assert.Equal([("cuda", 0, 1), ("cuda:0", 2, 0), ("cuda:1", 2, 0)],
            uses.Select(use => (use.GetProperty("device").GetString(), Count(use, "running"), Count(use, "waiting"))).Order());
        var refused = await server.Client.PostAsJsonAsync("/api/runs", new { launch.method, launch.dataset, launch.preset, device = "cpu" });
        Assert.Contains("cpu is not among the devices that this dashboard uses: cuda:0, cuda:1.", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/devices")).StatusCode);
    }

    private static int Count(JsonElement use, string runs) => use.GetProperty(runs).GetArrayLength();

    [Theory]
    [InlineData("Dashboard__Slots", "0", "Dashboard:Slots: '0' is not a whole number from 1 to 64.")]
    [InlineData("Dashboard__Devices__0", "cuda", "Dashboard:Devices: 'cuda' is not cpu or cuda:N.")]
    [InlineData("Dashboard__Executor", "pbs", "Dashboard:Executor: 'pbs' is not local or slurm.")]
    public async Task ConfigurationThatIsNone_EndsTheServerInASentence(string name, string value, string sentence) =>
        Assert.Contains(sentence, (await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ServerProcess.StartAsync(environment: new Dictionary<string, string> { [name] = value }))).Message);

    [Fact]
    public async Task WithoutLibtorch_PagesWorkAndLaunchingIsRefusedWithTheReason()
    {
        await using var server =
            await ServerProcess.StartAsync(environment: new Dictionary<string, string> { ["DASHBOARD_LIBTORCH"] = "/no/such/folder" });
        var problem = (await server.Client.GetFromJsonAsync<LibtorchReport>("/api/devices", RunJson.Line))!.Problem;

        var answer = await server.Client.PostAsJsonAsync("/api/runs", Request);

        Assert.StartsWith("DASHBOARD_LIBTORCH names /no/such/folder, but", problem);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal($"device: {problem}", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
        foreach (var page in new[] { "/", "/new", "/models", "/leaderboard" })
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(page)).StatusCode);
        Assert.Equal(0, (await server.Client.GetFromJsonAsync<JsonElement>("/api/runs")).GetArrayLength());
    }

    [Fact]
    public async Task Worker_WithoutLibtorch_EndsItsRunWithTheReason()
    {
        using var data = new TemporaryData();
        var folder = data.Create("run", "");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "dashboard"), ["--data", data.Data.Path, "worker", folder.Path]);
        start.Environment["DASHBOARD_LIBTORCH"] = "/no/such/folder";
        using var worker = Process.Start(start)!;
        await worker.WaitForExitAsync();

        Assert.Equal(1, worker.ExitCode);
        Assert.StartsWith("DASHBOARD_LIBTORCH names /no/such/folder, but", Assert.IsType<RunFailed>(EventLogReader.ReadLast(folder.Events)).Message);
    }
}
