using Dashboard.Backend.Methods.SimSeg;
using TorchSharp;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.SimSeg;

public sealed class ClassTextsTests
{
    private static readonly ZeroShotOptions Two = new() { Templates = ["a {}.", "the {}!"], Background = null };

    [Fact]
    public void Encode_Templates_AreAskedForEveryClassAndAveraged()
    {
        using var scope = NewDisposeScope();
        using var model = new PatchColours();
        using var texts = ClassTexts.Encode(model, ["red", "x"], Two with { ClassWords = new Dictionary<string, IReadOnlyList<string>> { ["x"] = ["green", "blue"] } });
        Assert.Equal(["a red.", "the red!", "a green.", "the green!", "a blue.", "the blue!"], model.Asked);
        var features = texts.Features.data<float>().ToArray();
        Assert.True(features[0] > 0.99);
        Assert.Equal(Math.Sqrt(0.5), features[4], 2);
        Assert.Equal(features[4], features[5], 1e-5f);
        Assert.All((float[])[0, 1], row => Assert.Equal(1, texts.Features[(long)row].norm().item<float>(), 1e-5f));
        Assert.Equal((1, 2), (texts.Label(0), texts.Label(1)));
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
    public void Require_OptionsThatCannotBe_NamesThem()
    {
        var defaults = new ZeroShotOptions();
        defaults.Require();
        Refused("Templates", defaults with { Templates = ["a photo"] });
        Refused("Templates", defaults with { Templates = [] });
        Refused("Background", defaults with { Background = "" });
        Refused("ClosingSize", defaults with { ClosingSize = 4 });
        Refused("ThresholdFactor", defaults with { ThresholdFactor = double.NaN });
        Refused("Candidates", defaults with { Candidates = 0 });
        Refused("TopClasses", defaults with { TopClasses = 0 });
        Refused("Resolution", defaults with { Resolution = 0 });

        static void Refused(string option, ZeroShotOptions options) => Assert.StartsWith(option, Assert.Throws<ArgumentException>(options.Require).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ImageNet_Templates_AreEighty() => Assert.Equal(80, PromptTemplates.ImageNet.Distinct().Count(template => template.Contains("{}", StringComparison.Ordinal)));
}
