using Bunit;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.EndToEnd;
using Dashboard.Web.Components.RunForm.Options;
using Dashboard.Web.Components.RunForm.Pickers;
using Dashboard.Web.Launch;

namespace Dashboard.Tests.Components;

/// <summary>The parts of the launch form that decide something.</summary>
public sealed class RunFormTests : ComponentTests
{
    private static readonly OptionField LearningRate = Field("learningRate");

    [Fact]
    public void Device_ThatIsNotThere_StaysAndSaysSo()
    {
        var picker = Render<DevicePicker>(parameters => parameters.Add(component => component.Value, "cuda:1"));

        Assert.Equal(["cpu · idle", "cuda:1 · not found on this machine"], picker.FindAll("option").Select(option => option.TextContent));
    }

    [Fact]
    public void Device_WithARun_TellsWhatRunsAndThatOneWaits()
    {
        using var run = new FabricatedRun(Data, "20260102-030405-cam-busy", "busy one").Start();

        var picker = Render<DevicePicker>(parameters => parameters.Add(component => component.Value, "cpu"));

        picker.WaitForAssertion(() => Assert.Equal("cpu · 1 running, 0 queued", picker.Find("option").TextContent), TimeSpan.FromMinutes(1));
        Assert.Contains("Runs there now: busy one", picker.Find(".help").TextContent);
    }

    [Fact]
    public void Option_Changed_CanBeReset()
    {
        var isReset = false;
        var editor = Render<OptionEditor>(parameters => parameters
            .Add(component => component.Field, LearningRate).Add(component => component.Value, "0,002").Add(component => component.Reference, "0.1")
            .Add(component => component.IsChanged, true).Add(component => component.Failure, "learningRate: '0,002' is not a number")
            .Add(component => component.OnReset, () => isReset = true));

        Assert.Equal("true", editor.Find("input").GetAttribute("aria-invalid"));
        Assert.Contains("was 0.1", editor.Find(".reset").TextContent);
        editor.Do(() => editor.Find("[aria-label='Reset Learning rate']").Click());
        Assert.True(isReset);
    }

    [Fact]
    public void Option_Typed_IsEnteredForGoodWhenLeft()
    {
        List<(string Text, bool IsFinal)> entered = [];
        var editor = Render<OptionEditor>(parameters => parameters
            .Add(component => component.Field, LearningRate).Add(component => component.Value, "0.1")
            .Add(component => component.OnEnter, entered.Add));

        editor.Do(() => editor.Find("input").Input("0.2"));
        editor.Do(() => editor.Find("input").Change("0.2"));

        Assert.Equal([("0.2", false), ("0.2", true)], entered);
    }

    [Fact]
    public void Rail_CountsWhatIsChangedAndWhatIsWrong()
    {
        var form = new LaunchForm(CamMethod.Descriptor, CamMethod.Descriptor.Presets[0]) { [LearningRate] = "0.2" };
        string? chosen = null;
        var rail = Render<SectionRail>(parameters => parameters
            .Add(component => component.Form, form)
            .Add(component => component.FailureOf, option => option == "evaluationSplit" ? "evaluationSplit: wrong" : null)
            .Add(component => component.OnChoose, id => chosen = id));

        Assert.Contains("1 changed", rail.FindAll("button").Single(button => button.TextContent.Contains(LearningRate.Group)).TextContent);
        Assert.Single(rail.FindAll(".wrong"));
        rail.FindAll("button").Single(button => button.TextContent.Contains(LearningRate.Group)).Click();
        Assert.Equal(SectionRail.IdOf(LearningRate.Group), chosen);
    }

    private static OptionField Field(string name) => CamMethod.Descriptor.Schema.Fields.Single(field => field.Name == name);
}
