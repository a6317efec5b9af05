using Bunit;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Voc;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Voc;
using Dashboard.Web.Access;
using Dashboard.Web.Components.Datasets;
using Dashboard.Web.Datasets;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

/// <summary>What a data set's page says of its files: a real folder in VOC's layout.</summary>
public sealed class DatasetPanelTests : ComponentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DatasetCatalog _catalog;

    public DatasetPanelTests()
    {
        Services.AddSingleton(_catalog = new DatasetCatalog(Data.Path));
        Services.AddSingleton<IMemoryCache>(new MemoryCache(new MemoryCacheOptions()));
        Services.AddSingleton<DatasetBrowser>();
    }

    [Fact]
    public void Check_OfSoundFiles_SaysSoAndCountsThem()
    {
        var panel = Check(Folder());
        Assert.Empty(panel.FindAll("table"));

        panel.Do(() => panel.Find(".primary").Click());

        panel.WaitForAssertion(() => Assert.Contains("All files are there and sound.", panel.Markup), Patience);
        Assert.Equal(["train", "2", "2"], panel.Find("tbody tr").Children.Take(3).Select(cell => cell.TextContent));
        Assert.Equal("Check again", panel.Find(".primary").TextContent);
    }

    [Fact]
    public void Check_OfAMaskThatIsGone_NamesFileAndRemedy()
    {
        var folder = Folder();
        var dataset = _catalog.Open(folder.Path);
        File.Delete(folder.File("SegmentationClass", "two.png"));

        var panel = Check(folder, dataset);
        panel.Do(() => panel.Find(".primary").Click());

        panel.WaitForAssertion(() => Assert.Contains("1 errors, 0 warnings", panel.Markup.Replace("1 error,", "1 errors,")), Patience);
        var row = panel.FindAll("table")[1].QuerySelector("tbody tr")!;
        Assert.Contains("two", row.QuerySelector("code")!.TextContent);
        Assert.All(row.Children, cell => Assert.NotEqual("", cell.TextContent));
    }

    [Fact]
    public void Preview_ShowsPicturesSplitsAndClasses()
    {
        var panel = Render<PreviewPanel>(parameters => parameters.Add(component => component.Name, Folder().Path));

        panel.WaitForElement(".pictures", Patience);
        Assert.Equal(["one", "two"], panel.FindAll(".pictures .id").Select(id => id.TextContent));
        Assert.Equal(["train", "2", "2", "0", "12×8"], panel.Find("tbody tr").Children.Take(5).Select(cell => cell.TextContent.Trim()));
        Assert.Contains(panel.FindAll("#classes ~ * tbody tr"), row => row.TextContent.StartsWith("cat2", StringComparison.Ordinal));
    }

    /// <summary>The message and a way on; what was missing may have come meanwhile.</summary>
    [Fact]
    public void Preview_OfWhatCannotBeRead_SaysWhyAndTriesAgain()
    {
        var missing = Path.Combine(Data.Path, "pets");
        var panel = Render<PreviewPanel>(parameters => parameters.Add(component => component.Name, missing));
        panel.WaitForAssertion(() => Assert.Contains("pets", panel.Find("[role=alert]").TextContent), Patience);

        Folder();
        panel.Do(() => panel.Find(".actions button").Click());

        panel.WaitForElement(".pictures", Patience);
    }

    private IRenderedComponent<CheckPanel> Check(TempFolder folder, IImageDataset? dataset = null) =>
        Render<CheckPanel>(parameters => parameters.Add(component => component.Dataset, dataset ?? _catalog.Open(folder.Path)));

    private TempFolder Folder()
    {
        var folder = new TempFolder(Path.Combine(Data.Path, "pets"));
        foreach (var id in new[] { "one", "two" })
            SmallVoc.Add(folder, id, ["cat"], [8, 8]);
        SmallVoc.List(folder, "train", "one", "two");
        return folder;
    }
}
