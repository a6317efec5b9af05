using Bunit;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Web.Components.Address;
using Dashboard.Web.Components.RunForm.Options;
using Dashboard.Web.Launch;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace Dashboard.Tests.Components;

public sealed class OptionGroupsTests : ComponentTests
{
    private readonly LaunchForm _form = new(CamMethod.Descriptor, CamMethod.Descriptor.Presets[0]);

    [Fact]
    public void Groups_AreFoldedAndSayWhatIsChangedInThem()
    {
        _form[Field("batchSize")] = "8";

        var groups = Groups();

        Assert.All(groups.FindAll(".group > details"), group => Assert.False(group.HasAttribute("open")));
        Assert.Contains("1 changed: Batch size 8",
            groups.FindAll("summary").Select(summary => summary.TextContent).Single(text => text.Contains("changed")));
    }

    [Fact]
    public void Group_WithAFault_IsOpen()
    {
        var groups = Groups(failing: "batchSize");

        Assert.Equal(Field("batchSize").Group, groups.Find(".group > details[open] h2").TextContent);
    }

    [Fact]
    public void Word_FindsOptionsAndFaultsStayInSight()
    {
        var groups = Groups("find=momentum flip", failing: "batchSize");

        Assert.Equal(["batchSize"], groups.FindAll("[data-option]").Select(option => option.GetAttribute("data-option")));
    }

    [Fact]
    public void OnlyChanged_WithoutAChange_OffersTheWayBack()
    {
        var groups = Groups("changed=true");

        Assert.Contains("No option has been changed", groups.Markup);
        Assert.Contains("Show all", Assert.Single(groups.FindAll(".empty button")).TextContent);
    }

    private IRenderedComponent<OptionGroups> Groups(string query = "", string? failing = null)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/new?{query}");
        var address = new ViewAddress(Services.GetRequiredService<NavigationManager>(), Services.GetRequiredService<IJSRuntime>());
        return Render<OptionGroups>(parameters => parameters
            .AddCascadingValue(address)
            .Add(component => component.Form, _form)
            .Add(component => component.Editor, field => $"<span data-option='{field.Name}'></span>")
            .Add(component => component.FailureOf, option => option == failing ? $"{option}: wrong" : null));
    }

    private static OptionField Field(string name) => CamMethod.Descriptor.Schema.Fields.Single(field => field.Name == name);
}
