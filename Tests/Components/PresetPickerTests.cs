using Bunit;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Web.Components.RunForm.Pickers;
using Dashboard.Web.Launch;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

public sealed class PresetPickerTests : ComponentTests
{
    [Fact]
    public async Task Changes_Saved_AreAPresetForEverybodyAndItIsChosen()
    {
        var form = Form(("batchSize", "8"));
        var picker = Render<PresetPicker>(parameters => parameters.Add(component => component.Form, form));
        await picker.InvokeAsync(() => picker.Find("button").Click());
        await picker.InvokeAsync(() => picker.Find("#preset-name").Input(" small batches "));
        await picker.InvokeAsync(() => picker.Find("#preset-name").KeyDownAsync("Enter"));

        var saved = Assert.Single(new OwnPresets(Data).Of("cam"));
        Assert.Equal(("small batches", "builtin"), (saved.Name, saved.Base));
        Assert.Equal(["batchSize=8"], saved.Assignments);
        Assert.Contains("small batches", picker.WaitForElement(".own").TextContent);
        Assert.True(picker.Find(".own input").HasAttribute("checked"));
        Assert.Equal("Built-in (CPU, minutes) with batchSize=8.", picker.Find(".help").TextContent);
        Assert.Empty(picker.FindAll("#preset-name"));
    }

    [Fact]
    public void UnchangedForm_HasNothingToSave() =>
        Assert.DoesNotContain("Save the changes", Render<PresetPicker>(parameters => parameters.Add(component => component.Form, Form())).Markup);

    [Fact]
    public void OwnPreset_Chosen_GivesItsOptions()
    {
        Services.GetRequiredService<OwnPresets>().Save(new("tiny", "cam", "builtin", ["epochs=1"]));
        OwnPreset? chosen = null;
        var picker = Render<PresetPicker>(parameters =>
            parameters.Add(component => component.Form, Form()).Add(component => component.OnOwn, preset => chosen = preset));

        picker.WaitForElement(".own input");
        picker.Do(() => picker.Find(".own input").Change(true));

        Assert.Equal(["epochs=1"], chosen!.Assignments);
    }

    [Fact]
    public void OwnPreset_Removed_OnlyAfterTheQuestion()
    {
        var dialogs = Dialogs;
        Services.GetRequiredService<OwnPresets>().Save(new("tiny", "cam", "builtin", ["epochs=1"]));
        var picker = Render<PresetPicker>(parameters => parameters.Add(component => component.Form, Form()));

        picker.WaitForElement(".own button").Click();
        dialogs.WaitForElement("[data-focus-first]").Click();
        Assert.Single(new OwnPresets(Data).Of("cam"));

        picker.Do(() => picker.Find(".own button").Click());
        dialogs.WaitForElement(".danger").Click();
        picker.WaitForAssertion(() => Assert.Empty(picker.FindAll(".own")));
        Assert.Empty(new OwnPresets(Data).Of("cam"));
    }

    [Fact]
    public void DamagedFile_IsNamedAndLeavesTheOthersUsable()
    {
        File.WriteAllText(Path.Combine(Data.Path, "presets.json"), "[{");

        var picker = Render<PresetPicker>(parameters => parameters.Add(component => component.Form, Form()));

        Assert.Contains("presets.json cannot be read", picker.WaitForElement("[role=alert]").TextContent);
        Assert.NotEmpty(picker.FindAll(".choice"));
    }

    private static LaunchForm Form(params (string Option, string Text)[] changes)
    {
        var form = new LaunchForm(CamMethod.Descriptor, CamMethod.Descriptor.Presets[0]);
        foreach (var (option, text) in changes)
            form[form.Method.Schema.Fields.Single(field => field.Name == option)] = text;
        return form;
    }
}
