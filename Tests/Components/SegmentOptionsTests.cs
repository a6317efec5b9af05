using Bunit;
using Dashboard.Backend.Pretrained;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Web.Components.TryIt;
using Dashboard.Web.Launch;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

/// <summary>How an image on Try it is asked about.</summary>
public sealed class SegmentOptionsTests : ComponentTests
{
    private readonly LaunchForm _form = new(ZeroShotMethod.Descriptor, ZeroShotMethod.Descriptor.Presets[0]);
    private int _changes;

    public SegmentOptionsTests() => Services.AddSingleton(new ModelCatalog(Data.Path));

    [Fact]
    public void OwnTemplates_HaveAFieldOnlyWhereTheyAreChosen()
    {
        _form[Field("templates")] = "photo";
        var options = Options();
        Assert.Empty(options.FindAll("#option-ownTemplates"));

        options.Do(() => options.Find("#option-templates").Change("own"));

        Assert.Single(options.FindAll("#option-ownTemplates"));
        Assert.Equal(1, _changes);
    }

    [Fact]
    public void RareOptions_AreFoldedUntilOneIsChanged()
    {
        Assert.False(Options().Find("details").HasAttribute("open"));

        _form[Field("topClasses")] = "3";

        Assert.True(Options().Find("details").HasAttribute("open"));
    }

    /// <summary>The image is asked about again when a field is left, not at every letter.</summary>
    [Fact]
    public void Typing_ChangesNothingUntilTheFieldIsLeft()
    {
        var options = Options();

        options.Do(() => options.Find("#option-background").Input("grass"));
        Assert.Equal(("grass", 0), (_form[Field("background")], _changes));

        options.Do(() => options.Find("#option-background").Change("grass"));
        Assert.Equal(1, _changes);
    }

    [Fact]
    public void WhatCannotBeRead_IsNamedAtItsField()
    {
        _form[Field("resolution")] = "large";

        var field = Options().Find("#option-resolution");

        Assert.Equal("true", field.GetAttribute("aria-invalid"));
        Assert.Contains("large", field.ParentElement!.ParentElement!.QuerySelector(".failure")!.TextContent);
    }

    /// <summary>With the list of models, which comes from another thread.</summary>
    private IRenderedComponent<SegmentOptions> Options()
    {
        var options = Render<SegmentOptions>(parameters => parameters
            .Add(component => component.Form, _form).Add(component => component.OnChange, () => _changes++));
        options.WaitForAssertion(() => Assert.Matches(@" px\)|no such model", options.Find("#option-model").TextContent), TimeSpan.FromMinutes(1));
        return options;
    }

    private static OptionField Field(string name) => ZeroShotMethod.Descriptor.Schema.Fields.Single(field => field.Name == name);
}
