using Bunit;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Runs;
using Dashboard.Web.Components.RunForm.Pickers;
using Dashboard.Web.Launch;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

/// <summary>Which earlier run a new one starts from.</summary>
public sealed class InputPickerTests : ComponentTests
{
    private const string Own = "20260101-000000-cam-aaaa";

    private readonly LaunchForm _form = new(ClimsMethod.Descriptor, ClimsMethod.Descriptor.Presets[0]) { Dataset = "empty" };
    private readonly List<string> _chosen = [];

    public InputPickerTests() => Services.AddSingleton<IDatasetSource>(new EmptyDatasets());

    [Fact]
    public void Candidates_AreFinishedRunsOfTheSameDataSet()
    {
        FinishedRuns.Write(Data, Own, name: "the baseline");
        FinishedRuns.Write(Data, "20260102-000000-cam-bbbb", name: "elsewhere", dataset: "other");
        FinishedRuns.Write(Data, "20260103-000000-clims-cccc", name: "another method", method: "clims");

        var picker = Picker();

        var group = Assert.Single(picker.FindAll("optgroup"));
        Assert.Equal("Finished", group.GetAttribute("label"));
        Assert.StartsWith("the baseline · mIoU 30.00 · seed 0", Assert.Single(group.Children).TextContent);
        Assert.StartsWith("Reuse or train the CAM baseline first", picker.Find("option").TextContent);
        Assert.Contains("otherwise one is queued before this run", picker.Find(".help").TextContent);
        picker.Do(() => picker.Find("select").Change(Own));
        Assert.Equal([Own], _chosen);
    }

    [Fact]
    public void RunThatWillNotDo_StaysChosenAndSaysSo()
    {
        var picker = Picker("20260109-000000-cam-gone", "baseline: there is no run");

        Assert.Equal("20260109-000000-cam-gone (not eligible)", picker.FindAll("option")[1].TextContent);
        Assert.Equal("true", picker.Find("select").GetAttribute("aria-invalid"));
        Assert.Equal("baseline: there is no run", picker.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void CheckpointInTheForm_StandsForTheRun()
    {
        _form[Field("checkpoint")] = "/weights.pth";

        var picker = Picker();

        Assert.True(picker.Find("select").HasAttribute("disabled"));
        Assert.Equal("The checkpoint given below stands for it", picker.Find("option").TextContent);
    }

    [Fact]
    public void RunThatComes_IsOfferedAtOnce()
    {
        var picker = Picker();
        Assert.Empty(picker.FindAll("optgroup"));

        FinishedRuns.Write(Data, Own, name: "the baseline");

        picker.WaitForAssertion(() => Assert.Contains("the baseline", picker.Find("optgroup").TextContent), TimeSpan.FromMinutes(1));
    }

    /// <summary>Links may lead to a disk that is slow: the page goes on, and does not call a run unfit that it has not looked at.</summary>
    [Fact]
    public void SlowDisk_KeepsTheFormUsableAndTheChoiceAsItIs()
    {
        FinishedRuns.Write(Data, Own, name: "the baseline", dataset: "linked");
        using var answered = new ManualResetEventSlim();
        Services.AddSingleton<IDatasetSource>(new SlowDatasets(answered));

        var picker = Open(Own);

        Assert.Equal("true", picker.Find("select").GetAttribute("aria-busy"));
        Assert.Equal([Own, "Looking for runs …"], picker.FindAll("option").Skip(1).Select(option => option.TextContent));
        answered.Set();
        Wait(picker);
        Assert.Contains("the baseline", picker.Find("optgroup").TextContent);
    }

    private IRenderedComponent<InputPicker> Picker(string value = "", string? failure = null) => Wait(Open(value, failure));

    private static IRenderedComponent<InputPicker> Wait(IRenderedComponent<InputPicker> picker)
    {
        picker.WaitForState(() => !picker.Find("select").HasAttribute("aria-busy"), TimeSpan.FromMinutes(1));
        return picker;
    }

    private IRenderedComponent<InputPicker> Open(string value = "", string? failure = null) => Render<InputPicker>(parameters => parameters
        .Add(component => component.Input, ClimsMethod.Descriptor.Inputs[0]).Add(component => component.Form, _form)
        .Add(component => component.Value, value).Add(component => component.Failure, failure)
        .Add(component => component.ValueChanged, _chosen.Add));

    private static OptionField Field(string name) => ClimsMethod.Descriptor.Schema.Fields.Single(field => field.Name == name);

    /// <summary>All names are one data set's; to say so takes until it may.</summary>
    private sealed class SlowDatasets(ManualResetEventSlim may) : EmptyDatasets
    {
        public override string Canonical(string dataset)
        {
            may.Wait();
            return "one";
        }
    }
}
