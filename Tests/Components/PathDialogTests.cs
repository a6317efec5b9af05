using Bunit;
using Dashboard.Web.Components.Paths;

namespace Dashboard.Tests.Components;

public sealed class PathDialogTests : ComponentTests
{
    [Fact]
    public void Folder_OpenedStepByStep_IsChosen()
    {
        Directory.CreateDirectory(Path.Combine(Data.Path, "sets", "pets"));
        var (chosen, button) = Open(takesFiles: false);

        button.Click();
        Choose("sets");
        Choose("pets");
        Dialogs.WaitForAssertion(() => Assert.Contains("This folder is empty.", Dialogs.Markup));
        Dialogs.FindAll("button").Single(button => button.TextContent == "Choose this folder").Click();

        Assert.Equal([Path.Combine(Data.Path, "sets", "pets")], chosen);
    }

    [Fact]
    public void File_IsChosenOnlyWhereAFileWillDo()
    {
        Directory.CreateDirectory(Path.Combine(Data.Path, "weights"));
        File.WriteAllText(Path.Combine(Data.Path, "weights", "model.pt"), "weights");
        var (chosen, button) = Open(takesFiles: true);

        button.Click();
        Choose("weights");
        Choose("model.pt");

        Assert.Equal([Path.Combine(Data.Path, "weights", "model.pt")], chosen);
    }

    /// <summary>Opens at what stands in the field; never where pages may not look.</summary>
    [Theory]
    [InlineData("/etc")]
    [InlineData("")]
    public void Start_OutsideTheRoots_IsTheListOfThem(string start)
    {
        var (_, button) = Open(takesFiles: false, start);

        button.Click();

        Dialogs.WaitForAssertion(() => Assert.Equal([Data.Path], Dialogs.FindAll(".entries button").Select(entry => entry.TextContent)));
        Assert.True(Dialogs.FindAll("button").Single(button => button.TextContent == "Choose this folder").HasAttribute("disabled"));
    }

    private (List<string> Chosen, AngleSharp.Dom.IElement Button) Open(bool takesFiles, string? start = null)
    {
        List<string> chosen = [];
        _ = Dialogs;
        var button = Render<PathButton>(parameters => parameters
            .Add(component => component.What, "the folder").Add(component => component.Value, start ?? Data.Path)
            .Add(component => component.TakesFiles, takesFiles).Add(component => component.OnChosen, chosen.Add));
        return (chosen, button.Find("button"));
    }

    private void Choose(string name)
    {
        Dialogs.WaitForState(() => Dialogs.FindAll(".entries button").Any(entry => Named(entry, name)), TimeSpan.FromMinutes(1));
        Dialogs.FindAll(".entries button").First(entry => Named(entry, name)).Click();
    }

    private static bool Named(AngleSharp.Dom.IElement entry, string name) => entry.TextContent.StartsWith(name, StringComparison.Ordinal);
}
