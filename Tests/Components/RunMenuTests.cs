using Bunit;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.RunActions;
using Dashboard.Web.Components.TryIt;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

public sealed class RunMenuTests : ComponentTests
{
    [Theory]
    [InlineData("cam", "voc,coco,npy,safetensors,pth")]
    [InlineData("crf", "voc,coco")]
    [InlineData("segment", "voc,coco,safetensors,pth")]
    [InlineData("simseg", "safetensors,pth")]
    public void Exports_AreWhatTheMethodLeaves(string method, string formats)
    {
        var menu = Render<RunMenu>(parameters => parameters.Add(component => component.Run, Run(method)));

        Assert.Equal(formats, string.Join(',', menu.FindAll("a[download]").Select(link => link.GetAttribute("href")!.Split('/')[^1])));
    }

    [Fact]
    public void RunThatHasNotFinished_OffersOnlyToBeMadeAgain()
    {
        var menu = Render<RunMenu>(parameters => parameters.Add(component => component.Run, Run("cam", RunState.Failed)));

        Assert.Equal(["Relaunch exactly"], menu.FindAll(".menu > *").Select(entry => entry.TextContent));
    }

    [Fact]
    public void Relaunch_Confirmed_QueuesTheSameSpecAndGoesThere()
    {
        var dialogs = Dialogs;
        var run = Run("cam");

        var menu = Render<RunMenu>(parameters => parameters.Add(component => component.Run, run));
        menu.FindAll(".menu > button")[0].Click();
        dialogs.WaitForElement(".primary").Click();

        var navigation = Services.GetRequiredService<NavigationManager>();
        menu.WaitForAssertion(() => Assert.Contains("/runs/", navigation.Uri), TimeSpan.FromMinutes(1));
        var made = Services.GetRequiredService<IRunStore>().Find(navigation.Uri.Split('/')[^1])!.Spec;
        Assert.Equal((run.Spec.Options.ToJsonString(), 7L, "builtin"), (made.Options.ToJsonString(), made.Seed, made.Preset));
    }

    [Theory]
    [InlineData("cam", "runs/a-run/try")]
    [InlineData("segment", "runs/a-run/try")]
    [InlineData("zeroshot", "try?dataset=empty&set=model%3Dmine")]
    [InlineData("crf", null)]
    public void Trial_IsWhereTheMethodsNetworkAnswers(string method, string? address)
    {
        var run = Run(method);
        if (method == "zeroshot")
            run.Spec.Options["model"] = "mine";

        Assert.Equal(address, RunTrial.AddressOf(run, null)?.Split("&set=templates")[0]);
    }

    public RunMenuTests()
    {
        Services.AddSingleton<IRunQueue>(provider => Temporary.OpenQueue(provider.GetRequiredService<RunStore>()));
    }

    private static RunSummary Run(string method, RunState state = RunState.Finished)
    {
        var descriptor = MethodCatalog.Get(method);
        var spec = new RunSpec
        {
            Id = "a-run", Method = method, Options = descriptor.Schema.Write(descriptor.Presets[0].Options), Preset = descriptor.Presets[0].Name,
            Dataset = "empty", Seed = 7, Device = "cpu", CodeVersion = "test", Created = DateTimeOffset.UnixEpoch,
        };
        return new(spec, state, null, 1, null, null, null, null, null, null, 1, null);
    }
}
