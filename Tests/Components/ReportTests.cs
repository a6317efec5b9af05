using Bunit;
using Dashboard.Backend.Images;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Runs;
using Dashboard.Domain.Segmentation;
using Dashboard.Tests.Runs;
using Dashboard.Web.Components.Report;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

/// <summary>A run on paper.</summary>
public sealed class ReportTests : ComponentTests
{
    private const string Id = "20260101-000000-cam-aaaa";

    /// <summary>The stored file has VOC's colours; what people look at has those of the pages, by name.</summary>
    [Fact]
    public void Masks_HaveTheColoursThatTheirClassesHaveOnThePages()
    {
        var folder = FinishedRuns.Write(Data, Id);
        Directory.CreateDirectory(folder.File("snapshots"));
        ImageFile.WriteLabels(folder.File("snapshots/a.png"), new LabelMap(2, 1, [0, 1]));
        FinishedRuns.WriteLog(folder, DateTimeOffset.UnixEpoch, new RunStarted(1, "here", "cpu", "test"),
            new RunSnapshot(1, 1, [new SnapshotPanel("a", "mask", null, "snapshots/a.png")]), FinishedRuns.Evaluated(0.3), new RunFinished(1));
        var store = Services.GetRequiredService<IRunStore>();

        var content = ReportContent.Of(store, store.Find(Id)!, folder, ["background", "cat"], DateTimeOffset.UnixEpoch);
        var document = Render<ReportDocument>(parameters => parameters.Add(component => component.Content, content));

        var source = document.Find("figure img").GetAttribute("src")!;
        var picture = ImageFile.DecodeRgb(Convert.FromBase64String(source["data:image/png;base64,".Length..]), "a.png");
        var (r, g, b) = ClassColours.Of("cat");
        Assert.Equal([0, 0, 0, r, g, b], picture.Pixels);
        Assert.Contains($"background: {ClassColours.Css("cat")}", document.FindAll(".classes .swatch")[1].GetAttribute("style"));
    }
}
