using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Text;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.SimSeg;

[Collection(LibtorchCollection.Name)]
public sealed class ClassTextsTests
{
    private static readonly ZeroShotOptions Two = new() { Templates = TemplateSet.Own, OwnTemplates = ["a {}.", "the {}!"], Background = "" };

    [Fact]
    public void Encode_Templates_AreAskedForEveryClassAndAveraged()
    {
        using var scope = NewDisposeScope();
        using var model = new PatchColours();
        using var texts = ClassTexts.Encode(model, ["red", "x"],
            Two with { ClassWords = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["green", "blue"] } });
        Assert.Equal(["a red.", "the red!", "a green.", "the green!", "a blue.", "the blue!"], model.Asked);
        var features = texts.Features.data<float>().ToArray();
        Assert.True(features[0] > 0.99);
        Assert.Equal(Math.Sqrt(0.5), features[4], 2);
        Assert.Equal(features[4], features[5], 1e-5f);
        Assert.All((float[])[0, 1], row => Assert.Equal(1, texts.Features[(long)row].norm().item<float>(), 1e-5f));
        Assert.Equal((1, 2), (texts.Label(0), texts.Label(1)));
    }

    [Fact]
    public void Encode_TemplatesThatDoNotFitWithAWord_AreLeftOutForThatWord()
    {
        using var scope = NewDisposeScope();
        using var model = new PatchColours { LongestText = 5 };
        var options = Two with { OwnTemplates = ["{}", "a {}", "one more {}"] };
        using var texts = ClassTexts.Encode(model, ["red", "very green"], options);
        Assert.Equal(["red", "a red", "one more red", "very green", "a very green"], model.Asked);
        Assert.Equal([new LeftOutTemplates("very green", 1, 3)], texts.LeftOut);
        Assert.Equal("Some templates are too long for the model with some words, and were left out: 1 of 3 for 'very green'.",
            LeftOutTemplates.Describe(texts.LeftOut));

        var error = Assert.Throws<TextTooLongException>(() => ClassTexts.Encode(model, ["red", "as green as grass"], options));
        Assert.Contains("'as green as grass'", error.Message, StringComparison.Ordinal);
        Assert.Contains("reads 5 tokens: the shortest of its 3 sentences has 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_Background_ComesFirst()
    {
        using var scope = NewDisposeScope();
        using var model = new PatchColours();
        using var texts = ClassTexts.Encode(model, ["red"], Two with { Background = "green" });
        Assert.Equal(["green", "red"], texts.Names);
        Assert.Equal((0, 1), (texts.Label(0), texts.Label(1)));
    }

    [Fact]
    public void Encode_TwoHundredNames_Work()
    {
        using var scope = NewDisposeScope();
        using var model = new PatchColours();
        using var texts = ClassTexts.Encode(model, [.. Enumerable.Range(0, 200).Select(k => $"class {k}")], Two);
        Assert.Equal([200, 3], texts.Features.shape);
    }

    [Fact]
    public void Encode_NamesThatCannotBe_AreRefusedByTheirPlace()
    {
        using var model = new PatchColours();
        Assert.Contains("Class 2 of 3 has no name", Refusal(["dog", " ", "cat"]), StringComparison.Ordinal);
        Assert.Contains("'Dog' is given twice", Refusal(["dog", "Dog "]), StringComparison.Ordinal);
        Assert.Contains("1 to 254 classes, not 0", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("not 255", Refusal([.. Enumerable.Range(0, 255).Select(k => $"{k}")]), StringComparison.Ordinal);

        string Refusal(string[] names) => Assert.Throws<ArgumentException>(() => ClassTexts.Encode(model, names, Two)).Message;
    }

    [Fact]
    public void ImageNet_Templates_AreEighty() =>
        Assert.Equal(80, PromptTemplates.ImageNet.Distinct().Count(template => template.Contains("{}", StringComparison.Ordinal)));
}
