using Bunit;
using Dashboard.Domain.Runs;
using Dashboard.Web.Components.Pages.Run.Performance;

namespace Dashboard.Tests.Components;

public sealed class ProfilePanelTests : ComponentTests
{
    [Fact]
    public void Profile_Written_SaysTheVerdictAndLinksTheTrace()
    {
        var panel = Panel(new RunProfile(3, 50, "profile/step-000003.json", Images: 0.31, Device: 0.64, Host: 0.05), isLive: false);

        Assert.Equal("Computes 64 % of the time, waits for images 31 %, works on the host 5 %.", panel.Find(".verdict").TextContent);
        Assert.Equal("/api/runs/a-run/files/profile/step-000003.json", panel.Find("a[download]").GetAttribute("href"));
        Assert.Equal(["6.2 ms a step", "12.8 ms a step", "1.0 ms a step"], panel.FindAll("dd").Select(value => value.TextContent));
    }

    [Theory]
    [InlineData(true, "are being profiled")]
    [InlineData(false, "ended before")]
    public void Profile_NotThere_SaysWhy(bool isLive, string text) => Assert.Contains(text, Panel(null, isLive).Markup, StringComparison.Ordinal);

    private IRenderedComponent<ProfilePanel> Panel(RunProfile? profile, bool isLive) => Render<ProfilePanel>(parameters => parameters
        .Add(panel => panel.Run, new RunSpec
        {
            Id = "a-run", Method = "cam", Options = [], Dataset = "d", Seed = 0, Device = "cpu", CodeVersion = "", Created = default, Profile = true,
        })
        .Add(panel => panel.Profile, profile)
        .Add(panel => panel.IsLive, isLive));
}
