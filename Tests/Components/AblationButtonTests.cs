using Bunit;
using Dashboard.Backend.Execution.Queue;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Runs.Store;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Web.Components.RunForm.Launch;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

public sealed class AblationButtonTests : ComponentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private IReadOnlyList<OptionFailure> _refused = [];

    public AblationButtonTests() =>
        Services.AddSingleton<IRunQueue>(provider => Temporary.OpenQueue(provider.GetRequiredService<RunStore>()));

    [Fact]
    public void Question_SaysWhatIsQueuedAndForHowLong_AndCancelQueuesNothing()
    {
        var dialogs = Dialogs;
        var button = Button("empty", secondsPerRun: 60);
        Assert.Equal("Run the ablation: 4 runs", button.Find("button").TextContent);

        button.Do(() => button.Find("button").Click());

        var question = dialogs.WaitForElement(".mud-dialog", Patience);
        Assert.Contains("4 runs are queued, one after the other on cpu: OTM; OTM+BTM; ", question.TextContent);
        Assert.Contains("One run takes about 1 min 00 s by the dry run, all of them 4 min 00 s.", question.TextContent);
        dialogs.Do(() => dialogs.Find("[data-focus-first]").Click());
        button.WaitForAssertion(() => Assert.False(button.Find("button").HasAttribute("disabled")), Patience);
        Assert.Equal(0, Services.GetRequiredService<IRunStore>().Page(new RunFilter(), 0, 1).All);
    }

    [Fact]
    public void Confirmed_QueuesTheVariantsAndOpensTheirComparison()
    {
        var dialogs = Dialogs;
        var button = Button("empty");

        button.Do(() => button.Find("button").Click());
        dialogs.WaitForElement(".primary", Patience).Click();

        var navigation = Services.GetRequiredService<NavigationManager>();
        button.WaitForAssertion(() => Assert.Contains("compare/runs?group=ablation-", navigation.Uri), Patience);
        var runs = Services.GetRequiredService<IRunStore>().InGroup(navigation.Uri.Split("group=")[1]);
        Assert.Equal(ClimsMethod.Descriptor.Ablation.Select(variant => variant.Title).Order(), runs.Select(run => run.Spec.Title).Order());
    }

    [Fact]
    public void WhatALaunchWouldRefuse_IsSaidWithoutAQuestion()
    {
        var dialogs = Dialogs;
        var button = Button("nosuch");

        button.Do(() => button.Find("button").Click());

        button.WaitForAssertion(() => Assert.Contains(_refused, failure => failure.Option == "dataset"), Patience);
        Assert.Empty(dialogs.FindAll(".mud-dialog"));
    }

    private IRenderedComponent<AblationButton> Button(string dataset, double? secondsPerRun = null) => Render<AblationButton>(parameters => parameters
        .Add(component => component.Form,
            new LaunchForm(ClimsMethod.Descriptor, ClimsMethod.Descriptor.Presets[0]) { Dataset = dataset, Seed = "0" })
        .Add(component => component.SecondsPerRun, secondsPerRun)
        .Add(component => component.OnRefused, failures => _refused = failures));
}
