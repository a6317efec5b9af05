using Dashboard.Backend.Methods.Clims;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Pretrained;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.Clims;

[Collection(LibtorchCollection.Name)]
public sealed class ClimsPromptsTests
{
    [Theory]
    [InlineData("class")]
    [InlineData("background")]
    public void Encode_WordTooLongWithTheTemplate_IsNamed(string where)
    {
        using var folder = new TempFolder();
        var catalog = new ModelCatalog(folder.Path);
        catalog.Add(SmallClip.Write(Path.Combine(folder.Path, "small")));
        using var clip = LoadedClip.Open(catalog.Find("small"), CPU);
        var word = new string('x', clip.Model.Shape.ContextLength - 3);
        var options = new ClimsOptions { PromptTemplate = "the cat {}", Backgrounds = where == "background" ? [word] : [],
            ClassWords = new Dictionary<string, IReadOnlyList<string>>(), ClassBackgrounds = new Dictionary<string, IReadOnlyList<string>>() };

        var error = Assert.Throws<TextTooLongException>(() =>
            ClimsPrompts.Of(options, new ClassSet(where == "class" ? ["cat", word] : ["cat"])).Encode(clip));

        Assert.StartsWith($"The word '{word}' is too long for the model, which reads {clip.Model.Shape.ContextLength} tokens", error.Message,
            StringComparison.Ordinal);
        using var texts = clip.Texts([word]);
        Assert.Equal(1, texts.shape[0]);
    }
}
