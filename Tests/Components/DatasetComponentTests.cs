using Bunit;
using Dashboard.Backend.Datasets;
using Dashboard.Web.Components.Datasets;
using Dashboard.Web.Components.RunForm.Pickers;

namespace Dashboard.Tests.Components;

public sealed class DatasetComponentTests : ComponentTests
{
    [Fact]
    public void Histogram_ClassChosenTwice_ShowsAllAgain()
    {
        List<string?> chosen = [];
        var histogram = Render<ClassHistogram>(parameters => parameters
            .Add(component => component.Classes, ["boat", "train", "bird"]).Add(component => component.Counts, [4, 2, 0])
            .Add(component => component.Images, 6).Add(component => component.Chosen, "train").Add(component => component.OnChoose, chosen.Add));

        Assert.Equal(["width: 100.0%", "width: 50.0%", "width: 0.0%"], histogram.FindAll(".track span").Select(bar => bar.GetAttribute("style")));
        Assert.Contains("3 classes in 6 images, 1 of them in none", histogram.Markup);
        histogram.FindAll("li button")[0].Click();
        histogram.FindAll("li button")[1].Click();
        Assert.Equal(["boat", null], chosen);
    }

    [Fact]
    public void Histogram_OfManyClasses_IsFolded()
    {
        var classes = Enumerable.Range(0, 80).Select(k => $"class {k}").ToList();
        var histogram = Render<ClassHistogram>(parameters => parameters
            .Add(component => component.Classes, classes).Add(component => component.Counts, [.. classes.Select(_ => 1)])
            .Add(component => component.Images, 80));

        Assert.False(histogram.Find("details").HasAttribute("open"));
    }

    [Fact]
    public void Viewer_AtTheEnds_GoesNoFurther()
    {
        var isLater = false;
        var viewer = Render<ImageViewer>(parameters => parameters
            .Add(component => component.Title, "a").Add(component => component.Source, "a.jpg").Add(component => component.Mask, "a.png")
            .Add(component => component.Tags, [1]).Add(component => component.Classes, ["boat", "train"]).Add(component => component.CloseLink, "")
            .Add(component => component.TryLink, "try").Add(component => component.OnLater, () => isLater = true));

        Assert.True(viewer.Find("[data-control=earlier]").HasAttribute("disabled"));
        viewer.Do(() => viewer.Find("[data-control=later]").Click());
        Assert.True(isLater);
        Assert.Equal("train", viewer.Find(".tags").TextContent);
    }

    [Fact]
    public void Viewer_WithoutMask_HasNoSlider()
    {
        var viewer = Render<ImageViewer>(parameters => parameters
            .Add(component => component.Title, "a").Add(component => component.Source, "a.jpg").Add(component => component.Tags, [])
            .Add(component => component.Classes, ["boat"]).Add(component => component.CloseLink, "").Add(component => component.TryLink, "try"));

        Assert.Empty(viewer.FindAll("input"));
        Assert.Contains("no mask", viewer.Markup);
        Assert.Contains("no tags", viewer.Markup);
    }

    [Fact]
    public void Picker_ByPath_TakesWhatIsTyped()
    {
        List<string> values = [];
        var picker = Render<DatasetPicker>(parameters => parameters
            .Add(component => component.Entries, new[] { new DatasetEntry("pets", "Pets", "/data/pets", "Folder", null, true) })
            .Add(component => component.Value, "pets").Add(component => component.ValueChanged, values.Add));

        Assert.Contains("/data/pets", picker.Find(".help").TextContent);
        picker.Do(() => picker.Find("select").Change("/"));
        picker.Do(() => picker.Find("#dataset-path").Input("/data/other"));
        Assert.Equal(["", "/data/other"], values);
    }
}
