using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dashboard.Tests.Pretrained;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Web;

public sealed class ModelApiTests(ServerProcessFixture dashboard) : IClassFixture<ServerProcessFixture>
{
    [Fact]
    public async Task Models_AddedTestedRemoved()
    {
        var path = SmallClip.Write(Path.Combine(dashboard.Server.Data.Path, "clips", "small"));

        var added = await dashboard.Client.PostAsJsonAsync("/api/models", new { path });
        var report = await (await dashboard.Client.PostAsync("/api/models/small/test", null)).Content.ReadFromJsonAsync<JsonElement>();
        RecordedRun.Naming(dashboard.Server.Data, "20260102-030405-clims-uses", "small");
        await TemporaryData.Until(() => dashboard.Client.GetStringAsync("/api/runs").Result.Contains("clims-uses", StringComparison.Ordinal),
            "the run");
        var removed = await dashboard.Client.DeleteFromJsonAsync<JsonElement>("/api/models/small");

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(SmallClip.Tensors().Count,
            (await added.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("import").GetProperty("loaded").GetInt32());
        Assert.True(report.GetProperty("passed").GetBoolean(), report.ToString());
        Assert.Equal(["20260102-030405-clims-uses"], removed.GetProperty("runs").EnumerateArray().Select(run => run.GetString()));
        Assert.DoesNotContain("\"small\"", await dashboard.Client.GetStringAsync("/api/models"));
    }

    [Theory]
    [InlineData("/etc/hostname", null, "outside the folders")]
    [InlineData("DATA", "/etc/hostname", "outside the folders")]
    [InlineData("DATA/token-that-is-none", null, "does not exist")]
    public async Task Add_PathThatPagesMayNotName_IsRefused(string path, string? vocabulary, string expected)
    {
        var answer =
            await dashboard.Client.PostAsJsonAsync("/api/models", new { path = path.Replace("DATA", dashboard.Server.Data.Path), vocabulary });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(expected, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Add_ClipThatDoesNotTellItsActivation_IsUsableOnceItIsTold()
    {
        var path = SmallClip.Write(Path.Combine(dashboard.Server.Data.Path, "clips", "untold"), activation: null);

        var untold = await (await dashboard.Client.PostAsJsonAsync("/api/models", new { path })).Content.ReadFromJsonAsync<JsonElement>();
        var wrong = await dashboard.Client.PostAsJsonAsync("/api/models", new { path, activation = "relu" });
        var told = await (
            await dashboard.Client.PostAsJsonAsync("/api/models", new { path, activation = "quickgelu" })).Content.ReadFromJsonAsync<JsonElement>();
        await dashboard.Client.DeleteAsync("/api/models/untold");

        Assert.True(untold.GetProperty("lacksActivation").GetBoolean());
        Assert.Contains("QuickGELU or GELU", untold.GetProperty("unavailable").GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Equal(("quickGelu", false), (told.GetProperty("activation").GetString(), told.GetProperty("lacksActivation").GetBoolean()));
    }

    [Fact]
    public async Task Test_UnknownModel_SaysSo() =>
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await dashboard.Client.PostAsync("/api/models/nosuch/test", null)).StatusCode);

    [Fact]
    public async Task WebProcess_NeverLoadsTheTensorLibrary()
    {
        var path = SmallClip.Write(Path.Combine(dashboard.Server.Data.Path, "clips", "light"));
        await dashboard.Client.PostAsJsonAsync("/api/models", new { path });
        await dashboard.Client.PostAsync("/api/models/light/test", null);
        Assert.DoesNotContain("libtorch", await File.ReadAllTextAsync($"/proc/{dashboard.Server.ProcessId}/maps"));
    }
}
