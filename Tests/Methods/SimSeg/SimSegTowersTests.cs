using System.Text.Json.Nodes;
using Dashboard.Backend.Methods;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Runs;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Clip;
using Dashboard.Tests.Runs;

namespace Dashboard.Tests.Methods.SimSeg;

/// <summary>What a SimSeg cannot start from.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class SimSegTowersTests : SmallTrainingTests
{
    public static TheoryData<string, string, string> Faults => new()
    {
        { "not a ViT", "visionWeights", "'cls_token' is missing|'patch_embed.proj.weight' is missing" },
        { "another ViT", "visionWeights", "pos_embed" },
        { "no bias", "visionWeights", "blocks.1.norm2.bias" },
        { "layer scale", "visionWeights", "blocks.0.ls1.gamma" },
        { "no checkpoint", "visionWeights", "neither a safetensors file nor a PyTorch checkpoint" },
        { "not a BERT", "textWeights", "'embeddings.word_embeddings.weight' is missing" },
        { "RoBERTa", "textWeights", "its model_type is 'roberta', but BERT's is 'bert'" },
        { "no vocabulary", "textWeights", "vocab.txt of bert-base-uncased" },
        { "another vocabulary", "textWeights", "pieces, but the text tower" },
        { "odd size", "imageSize", "not a multiple of 8" },
        { "odd evaluation", "evaluationSize", "not a multiple of 8" },
        { "long captions", "contextLength", "30 positions" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_WhatCannotWork_NamesOptionFileAndRemedyBeforeAnythingRuns(string fault, string option, string expected)
    {
        var options = Broken(fault);
        var failure = Assert.Single(MethodRegistry.Create("simseg").Check(options, "cooccurrence", new(new EmptyDatasets(), new(Folder.Path))));
        Assert.Equal(option, failure.Option);
        Assert.StartsWith(option + ": ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected.Split('|'), part => failure.Message.Contains(part, StringComparison.Ordinal));

        // The same words where a worker meets them, the file having changed since.
        Assert.Equal(failure.Message, Assert.Throws<ModelException>(() => Runs.Execute(options, World)).Message);
    }

    [Fact]
    public void Submit_FilesThatAreNone_IsRefused()
    {
        using var data = new TemporaryData();
        using var store = data.OpenStore();
        using var queue = data.OpenQueue(store);
        var options = new JsonObject { ["visionWeights"] = Path.Combine(Small.TextWeights, "vocab.txt"), ["textWeights"] = Small.TextWeights,
            ["imageSize"] = 32, ["evaluationSize"] = 0, ["captions"] = Path.Combine(World.Root, "Captions") };

        var refused = Assert.Throws<InvalidRunException>(() => queue.Submit(new("simseg", "empty", "published", options)));

        Assert.Equal("visionWeights", Assert.Single(refused.Failures).Option);
        Assert.Empty(store.Runs);
    }

    [Fact]
    public void Validate_PublishedWithoutWeights_AsksForBoth()
    {
        var published = SimSegMethod.Descriptor.Presets.Single(preset => preset.Name == "published").Options;
        Assert.Equal(["visionWeights", "textWeights"], published.Validate().Select(failure => failure.Option));
    }

    [Fact]
    public void Validate_WeightsThatNothingReads_AreRefused()
    {
        Assert.Equal(["visionWeights", "textWeights"],
            (Small with { Towers = TowerKind.Small, PatchSize = 8 }).Validate().Select(failure => failure.Option));
        Assert.Equal(["visionWeights", "textWeights"], (Small with { InitialModel = "trained" }).Validate().Select(failure => failure.Option));
        Assert.Equal("batchSize", Assert.Single((Small with { BatchSize = 4096, ImageSize = 512 }).Validate()).Option);
    }

    private ClipTrainingOptions Broken(string fault) => fault switch
    {
        "not a ViT" => Small with { VisionWeights = Small.TextWeights },
        "another ViT" => Small with { VisionWeights = Towers.Vision(tensors => tensors["pos_embed"] = TensorData.Of(new float[7 * 16], 1, 7, 16)) },
        "no bias" => Small with { VisionWeights = Towers.Vision(tensors => tensors.Remove("blocks.1.norm2.bias")) },
        "layer scale" => Small with { VisionWeights = Towers.Vision(tensors => tensors["blocks.0.ls1.gamma"] = TensorData.Of(new float[16], 16)) },
        "no checkpoint" => Small with { VisionWeights = Folder.Write("weights.npz", "no weights at all") },
        "not a BERT" => Small with { TextWeights = Small.VisionWeights },
        "RoBERTa" => Small with { TextWeights = Towers.Text(configuration: """{ "model_type": "roberta" }""") },
        "no vocabulary" => Small with { TextWeights = Without("vocab.txt") },
        "another vocabulary" => Small with { TextWeights = With("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n") },
        "odd size" => Small with { ImageSize = 36 },
        "odd evaluation" => Small with { EvaluationSize = 50 },
        "long captions" => Small with { ContextLength = 40 },
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private string Without(string file)
    {
        var folder = Towers.Text();
        File.Delete(Path.Combine(folder, file));
        return folder;
    }

    private string With(string file, string content)
    {
        var folder = Towers.Text();
        File.WriteAllText(Path.Combine(folder, file), content);
        return folder;
    }
}
