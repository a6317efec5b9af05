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

public sealed class LaunchPanelTests : ComponentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private IReadOnlyList<OptionFailure>? _refused;

    public LaunchPanelTests() =>
        Services.AddSingleton<IRunQueue>(provider => Temporary.OpenQueue(provider.GetRequiredService<RunStore>()));

    [Fact]
    public void SoundForm_IsPlannedAndLaunched()
    {
        var panel = Panel(new("empty"));

        panel.WaitForAssertion(() => Assert.StartsWith("1 run: time unknown", panel.Find(".plan").TextContent), Patience);
        Assert.Equal([], _refused);
        panel.Do(() => panel.Find(".primary").Click());
        var navigation = Services.GetRequiredService<NavigationManager>();
        panel.WaitForAssertion(() => Assert.Matches("/runs/[^/]*-cam-", navigation.Uri), Patience);
    }

    [Fact]
    public void WhatALaunchWouldRefuse_IsSaidBefore()
    {
        var panel = Panel(new("nosuch"));

        panel.WaitForAssertion(() => Assert.Equal("dataset", Assert.Single(_refused ?? []).Option), Patience);
        Assert.Empty(panel.FindAll(".plan"));
    }

    [Fact]
    public void Failures_KeepItFromBeingLaunchedAndLeadToTheirFields()
    {
        string? revealed = null;
        var panel = Panel(new("empty", [new("epochs", "epochs: wrong")], option => revealed = option));

        Assert.True(panel.Find(".primary").HasAttribute("disabled"));
        panel.Do(() => panel.Find(".faults button").Click());
        Assert.Equal("epochs", revealed);
    }

    [Fact]
    public void SeveralSeeds_AreCountedOnTheButton() =>
        Assert.Equal("Launch 3 runs", Panel(new("empty", Seed: "0-2")).Find(".primary").TextContent);

    private IRenderedComponent<LaunchPanel> Panel(Case asked) => Render<LaunchPanel>(parameters => parameters
        .Add(component => component.Form,
            new LaunchForm(CamMethod.Descriptor, CamMethod.Descriptor.Presets[0]) { Dataset = asked.Dataset, Seed = asked.Seed })
        .Add(component => component.Revision, 1).Add(component => component.IsSound, asked.Failures is null)
        .Add(component => component.Failures, asked.Failures ?? [])
        .Add(component => component.OnRefused, failures => _refused = failures)
        .Add(component => component.OnReveal, option => asked.OnReveal?.Invoke(option)));

    private sealed record Case(string Dataset, IReadOnlyList<OptionFailure>? Failures = null, Action<string>? OnReveal = null, string Seed = "0");
}
