using Bunit;
using Dashboard.Backend.Execution.Executors;
using Dashboard.Backend.Execution.Executors.Slurm;
using Dashboard.Backend.Runs;
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
            new SlurmExecutor(Temporary.Program, new SlurmSettings(), TimeProvider.System, NullLogger<SlurmExecutor>.Instance));
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

    private void Use(IReadOnlyList<string> devices, int slots = 1) => Services.AddSingleton<IExecutor>(Temporary.ExecutorOn(devices, slots));

    private void Queue(string id, string name, string device) =>
        new QueueTicket(DateTimeOffset.UtcNow).Write(Temporary.Create(id, name, device: device));
}
