using Bunit;
using Dashboard.Backend.Runs;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Runs;
using Dashboard.Web.Components.Pages.Run.Header;
using Dashboard.Web.Components.Pages.Run.Overview;
using Dashboard.Web.Components.Pages.Runs.Selection;
using Dashboard.Web.Components.Shared;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;

namespace Dashboard.Tests.Components;

/// <summary>What people call a run, and note of it: kept in its folder.</summary>
public sealed class IdentityTests : ComponentTests
{
    private const string Id = "20260101-000000-cam-aaaa";

    private readonly RunFolder _folder;

    public IdentityTests() => _folder = FinishedRuns.Write(Data, Id);

    private RunLabels Labels => RunLabelsFile.ReadOrNone(_folder);

    private RunSummary Run => Services.GetRequiredService<IRunStore>().Find(Id)!;

    [Fact]
    public async Task Name_Saved_IsTheTitleAndAnEmptyOneGivesTheAutomaticTitleBack()
    {
        var identity = Identity();
        await RenameAsync(identity, "Seeds for the paper");
        Assert.Equal(("Seeds for the paper", "Seeds for the paper"), (identity.Find("h1").TextContent, Labels.Name));

        await RenameAsync(identity, "");
        Assert.Equal(("CAM baseline · empty · seed 0", null), (identity.Find("h1").TextContent, Labels.Name));
    }

    [Fact]
    public async Task Name_TooLong_IsRefusedAndTheFieldStaysOpen()
    {
        var identity = Identity();

        await RenameAsync(identity, new string('x', RunLabels.LongestName + 1));

        Assert.Contains("at most 200 are allowed", identity.Find("[role=alert]").TextContent);
        Assert.Single(identity.FindAll(".rename"));
        Assert.Null(Labels.Name);
    }

    [Fact]
    public void Escape_LeavesTheNameAsItWas()
    {
        var identity = Identity();
        identity.Do(() => identity.Find("[aria-label=Rename]").Click());
        identity.Do(() => identity.Find(".rename input").Change("other"));

        identity.Do(() => identity.Find(".rename").KeyDown(new KeyboardEventArgs { Key = "Escape" }));

        Assert.Equal("CAM baseline · empty · seed 0", identity.Find("h1").TextContent);
        Assert.Null(Labels.Name);
    }

    [Fact]
    public async Task Tags_AreAddedSeveralAtOnceAndTakenOneByOne()
    {
        var identity = Identity();
        identity.FindAll("button").Single(button => button.TextContent == "Tag").Click();
        identity.Do(() => identity.Find("[aria-label='New tag']").Change("paper, best seed"));
        await identity.Find(".add-tag").SubmitAsync();
        Assert.Equal(["paper", "best seed"], identity.FindAll(".tags a").Select(tag => tag.TextContent));
        Assert.Equal(["paper", "best seed"], Labels.Tags);

        await identity.Find("[aria-label='Remove the tag paper']").ClickAsync();
        Assert.Equal(["best seed"], Labels.Tags);
    }

    [Fact]
    public async Task Star_IsGivenAndTaken()
    {
        var identity = Identity();

        await identity.Find("[aria-label=Star]").ClickAsync();
        Assert.True(Labels.Starred);
        Assert.Equal("true", identity.Find("[aria-label=Star]").GetAttribute("aria-pressed"));

        await identity.Find("[aria-label=Star]").ClickAsync();
        Assert.False(Labels.Starred);
    }

    [Fact]
    public void Group_IsCalledByWhatWasLaunched()
    {
        FinishedRuns.Write(Data, "20260102-000000-cam-bbbb", group: "wsss-20260101-120000-1f2e");
        var store = Services.GetRequiredService<IRunStore>();
        var identity = Render<RunIdentity>(parameters => parameters.Add(component => component.Run, store.Find("20260102-000000-cam-bbbb")!));

        var group = identity.Find("a.tag");
        Assert.Equal(("Tags to masks · 1f2e", "pipeline/wsss-20260101-120000-1f2e"), (group.TextContent, group.GetAttribute("href")));
    }

    [Fact]
    public async Task Notes_Saved_AreShownAsMarkdown()
    {
        var notes = Render<NotesCard>(parameters => parameters.Add(component => component.Run, Run));
        Assert.Contains("No notes yet", notes.Markup);
        notes.Do(() => notes.Find("header button").Click());
        notes.Do(() => notes.Find("textarea").Change("**NaN** at step 118"));
        await notes.Find(".primary").ClickAsync();

        Assert.Equal("NaN", notes.Find(".notes strong").TextContent);
        Assert.Equal("**NaN** at step 118", Labels.Notes);
    }

    [Fact]
    public async Task TagsOfSeveralRuns_SayHowManyHaveThem()
    {
        var dialogs = Dialogs;
        var one = Run with { Labels = Run.Labels with { Tags = ["paper", "seed"] } };
        var two = Run with { Labels = Run.Labels with { Tags = ["paper"] } };
        var asked = await dialogs.InvokeAsync(() => Services.GetRequiredService<IDialogService>().ShowAsync<TagDialog>("Tag 2 runs",
            new DialogParameters<TagDialog> { { dialog => dialog.Runs, [one, two] } }, DialogSize.Small));

        Assert.Equal(["paper", "seed 1 of 2"], dialogs.FindAll("fieldset label").Select(label =>
            string.Join(' ', label.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        dialogs.FindAll("fieldset input")[1].Change(false);
        dialogs.Do(() => dialogs.Find("input[type=text]").Change(" new ,, other"));
        dialogs.Find("#tag-form").Submit();

        var change = Assert.IsType<TagChange>((await asked.Result)!.Data);
        Assert.Equal(["new", "other"], change.Added);
        Assert.Equal(["seed"], change.Removed);
    }

    private IRenderedComponent<RunIdentity> Identity() => Render<RunIdentity>(parameters => parameters.Add(component => component.Run, Run));

    private static async Task RenameAsync(IRenderedComponent<RunIdentity> identity, string name)
    {
        identity.Do(() => identity.Find("[aria-label=Rename]").Click());
        identity.Do(() => identity.Find(".rename input").Change(name));
        await identity.Find(".rename").SubmitAsync();
    }
}
