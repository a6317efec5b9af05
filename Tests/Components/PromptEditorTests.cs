using Bunit;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Inference;
using Dashboard.Domain.Methods.Schema;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Voc;
using Dashboard.Web.Components.RunForm.Options;
using Dashboard.Web.Launch;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Components;

/// <summary>The prompts of a run, class by class.</summary>
public sealed class PromptEditorTests : ComponentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LaunchForm _form = new(ClimsMethod.Descriptor, ClimsMethod.Descriptor.Presets[0]);
    private readonly List<(string Option, string Text, bool IsFinal)> _entered = [];

    public PromptEditorTests()
    {
        Services.AddSingleton(new DatasetCatalog(Data.Path));
        Services.AddSingleton(new InferenceClient(Data, Temporary.Program, TimeProvider.System));
        _form[Option("classWords")] = _form[Option("classBackgrounds")] = _form[Option("backgrounds")] = "";
        _form[Option("promptTemplate")] = "a photo of {}";
    }

    [Fact]
    public void Words_OfAClass_BecomeItsRowOfTheOption()
    {
        var editor = Editor(Folder());
        editor.WaitForElement("[aria-label='Words of cat']", Patience);

        editor.Do(() => editor.Find("[aria-label='Words of cat']").Input("kitten"));
        editor.Do(() => editor.Find("[aria-label='Words of cat']").Change("kitten, tomcat"));

        Assert.Equal([("classWords", "cat=kitten", false), ("classWords", "cat=kitten, tomcat", true)], _entered);
        Assert.Equal(["a photo of kitten", "a photo of tomcat"], Shown(editor, "cat"));
        Assert.Contains("changed", editor.Find("[aria-label='Words of cat']").ParentElement!.ParentElement!.ClassList);
        editor.Do(() => editor.Find("[aria-label='Reset the prompts of cat']").Click());
        Assert.Equal(("classWords", "", true), _entered[^1]);
    }

    [Fact]
    public void Backgrounds_OfOneClass_ComeAfterThoseOfAll()
    {
        (_form[Option("backgrounds")], _form[Option("classBackgrounds")]) = ("wall", "dog=lawn, wall");

        var editor = Editor(Folder());
        editor.WaitForElement("[aria-label='Words of cat']", Patience);

        Assert.Equal(["a photo of dog", "a photo of wall", "a photo of lawn"], Shown(editor, "dog"));
        Assert.Equal("only those of all classes", editor.Find("[aria-label='Backgrounds of cat']").GetAttribute("placeholder"));
    }

    [Fact]
    public void RowOfNoClass_IsMarked()
    {
        _form[Option("classWords")] = "unicorn=horse with a horn";

        var editor = Editor(Folder());
        editor.WaitForElement("[aria-label='Words of cat']", Patience);

        var foreign = Assert.Single(editor.FindAll("th[scope=row]"), head => head.TextContent.Contains("not in this data set"));
        Assert.StartsWith("unicorn", foreign.TextContent);
    }

    /// <summary>A folder that pages may not look into: nothing is read, and rows are free.</summary>
    [Fact]
    public void UnknownClasses_AreAddedByHand()
    {
        var editor = Editor("/nowhere/VOC");
        Assert.Empty(editor.FindAll("th[scope=row]"));

        editor.WaitForElement("[aria-label='Add a class']", Patience).Change("sheep");

        Assert.Equal("sheep", editor.WaitForElement("th[scope=row]", Patience).TextContent);
        Assert.Contains("The classes of this data set are not known here", editor.Markup);
    }

    private static IEnumerable<string> Shown(IRenderedComponent<PromptEditor> editor, string name)
    {
        editor.Find($"[aria-label='Words of {name}']").ParentElement!.ParentElement!.FocusIn();
        editor.WaitForAssertion(() => Assert.Equal(name, editor.Find("figcaption strong").TextContent), Patience);
        return editor.FindAll("q").Select(sentence => sentence.TextContent);
    }

    /// <summary>Cats and dogs, where pages may look.</summary>
    private string Folder()
    {
        var folder = new TempFolder(Path.Combine(Data.Path, "pets"));
        SmallVoc.Add(folder, "one", ["cat", "dog"], [8, 12]);
        SmallVoc.List(folder, "train", "one");
        return folder.Path;
    }

    private IRenderedComponent<PromptEditor> Editor(string dataset)
    {
        _form.Dataset = dataset;
        return Render<PromptEditor>(parameters => parameters
            .Add(component => component.Form, _form)
            .Add(component => component.Editor, field => $"<i>{field.Name}</i>")
            .Add(component => component.FailureOf, _ => null)
            .Add(component => component.OnEnter, entry =>
            {
                _form[entry.Option] = entry.Text;
                _entered.Add((entry.Option.Name, entry.Text, entry.IsFinal));
            }));
    }

    private static OptionField Option(string name) => ClimsMethod.Descriptor.Schema.Fields.Single(field => field.Name == name);
}
