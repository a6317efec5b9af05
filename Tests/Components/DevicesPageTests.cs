using System.Text.Json;
using Bunit;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Files;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Tests.EndToEnd;
using Dashboard.Web.Components.Layout;
using Dashboard.Web.Components.Pages.Devices;
using Dashboard.Web.Components.RunForm.Pickers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dashboard.Tests.Components;

/// <summary>What page, bar and form say of several devices.</summary>
public sealed class DevicesPageTests : ComponentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void Page_ARunAndOneThatWaits_StandWithTheirDevices()
    {
        Use(["cpu", "cuda:0", "cuda:1"]);
        using var run = new FabricatedRun(Data, "20260102-030405-cam-busy", "busy one").Start();
        Queue("20260102-030406-cam-next", "next one", "cuda");

        var page = Render<DevicesPage>();

        page.WaitForAssertion(() => Assert.Contains("busy one", page.Find(".cards li").TextContent), Patience);
        Assert.Equal(["CPU", "CUDA:0", "CUDA:1"], page.FindAll(".cards h2").Select(title => title.TextContent));
        Assert.Equal(["1 of 1 in use", "idle", "idle"], page.FindAll(".cards .chip").Select(use => use.TextContent));
        page.WaitForAssertion(() => Assert.Contains("of memory used", page.Find(".cards li").TextContent), Patience);
        Assert.Equal(["next one", "a GPU", "place 1 on a GPU"], page.FindAll("tbody td").Select(cell => cell.TextContent));
    }

    [Fact]
    public void Page_Nothing_SaysHowRunsWait()
    {
        Use(["cpu"], slots: 3);

        var page = Render<DevicesPage>();

        Assert.Contains("Up to 3 runs share a device", page.Markup);
        Assert.Contains("No run waits.", page.Markup);
    }

    [Fact]
    public void Bar_ManyGpus_AreOneChip()
    {
        Use(["cpu", "cuda:0", "cuda:1", "cuda:2"]);
        Queue("20260102-030406-cam-next", "next one", "cuda");

        var chips = Render<DeviceChips>();

        chips.WaitForAssertion(() => Assert.Equal(["3 GPUs idle, queue 1"], chips.FindAll(".device").Select(chip => chip.TextContent)), Patience);
    }

    [Fact]
    public void Picker_SeveralGpus_OffersTheFirstThatIsFree()
    {
        Use(["cpu", "cuda:0", "cuda:1"]);

        var picker = Render<DevicePicker>(parameters => parameters.Add(component => component.Value, "cuda"));

        Assert.Equal(["cpu · idle", "cuda · the first of 2 GPUs that is free", "cuda:0 · idle", "cuda:1 · idle"],
            picker.FindAll("option").Select(option => option.TextContent));
        Assert.Equal("cuda", picker.Find("select").GetAttribute("value"));
    }

    [Fact]
    public void Page_Slurm_TellsTheJobAndWhyItWaits()
    {
        Services.AddSingleton<IExecutor>(
            new SlurmExecutor(Temporary.Program, new SlurmSettings(), Data, TimeProvider.System, NullLogger<SlurmExecutor>.Instance));
        Queue("20260102-030406-cam-next", "next one", "cuda");
        var folder = Data.Run("20260102-030406-cam-next");
        new RunJob("17", QueueTicket.Read(folder)!.Since, "PENDING", Reason: "Resources").Write(folder);

        var page = Render<DevicesPage>();

        page.WaitForAssertion(() => Assert.Equal(["next one", "a GPU", "job 17, waiting: Resources"],
            page.FindAll("tbody td").Select(cell => cell.TextContent)), Patience);
        Assert.Equal(["CPU", "GPU"], page.FindAll(".cards h2").Select(title => title.TextContent));
        Assert.Contains("Runs are jobs of a Slurm cluster", page.Markup);
        Assert.DoesNotContain("emory", page.Markup);
    }

    /// <summary>What is said of devices is the leader's, which has written it down.</summary>
    [Fact]
    public void Page_AnotherDashboardLeads_SaysSoAndShowsItsDevices()
    {
        File.WriteAllText(Path.Combine(Data.Path, "dashboard.1.json"),
            JsonSerializer.Serialize(new LeaseHolder(new(17, 1, "another boot", "node3"), DateTimeOffset.UnixEpoch, 30, "a"), RunJson.Line));
        File.WriteAllText(Data.Executor, """{"devices":["cpu","cuda:0"],"slots":2}""");
        Services.AddSingleton<IExecutor>(provider =>
            new LeaderExecutor(Temporary.ExecutorOn(["cpu"]), provider.GetRequiredService<Lead>(), Data, TimeProvider.System));

        var (page, chip) = (Render<DevicesPage>(), Render<LeadChip>());

        Assert.Contains("The dashboard on node3 (process 17) leads this data folder", page.Find(".notice").TextContent);
        Assert.Equal(["CPU", "CUDA:0"], page.FindAll(".cards h2").Select(title => title.TextContent));
        Assert.Contains("Up to 2 runs share a device", page.Markup);
        Assert.DoesNotContain("emory", page.Markup);
        Assert.Equal("Led by node3", chip.Find("a").TextContent.Trim());
        Assert.Contains("cuda:1 is not among the devices of the dashboard on node3",
            Services.GetRequiredService<IExecutor>().Fault(new("cuda:1")));
    }

    [Fact]
    public void Chip_ThisDashboardLeads_IsNotThere() => Assert.Equal("", Render<LeadChip>().Markup.Trim());

    private void Use(IReadOnlyList<string> devices, int slots = 1) => Services.AddSingleton<IExecutor>(Temporary.ExecutorOn(devices, slots));

    private void Queue(string id, string name, string device) =>
        new QueueTicket(DateTimeOffset.UtcNow).Write(Temporary.Create(id, name, device: device));
}
