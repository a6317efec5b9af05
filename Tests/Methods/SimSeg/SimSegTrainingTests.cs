using System.Text.Json.Nodes;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Methods.Clip;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.SimSeg;

/// <summary>SimSeg's own towers, from files as timm and Hugging Face write them.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class SimSegTrainingTests : SmallTrainingTests
{
    [Fact]
    public void Execute_PublishedRecipe_ReportsStepsEpochsAndSnapshots()
    {
        Runs.Execute(Small, World);

        Assert.Equal([1, 2, 3, 4, 5, 6], Runs.Metrics("loss").Select(metrics => metrics.Step));
        Assert.All(Runs.Metrics("loss"), metrics =>
        {
            Assert.InRange(metrics.Values["accuracy/image to text"], 0, 1);
            Assert.InRange(metrics.Values["accuracy/text to image"], 0, 1);
            Assert.InRange(metrics.Values["temperature"], 0.019, 0.021);
        });
        Assert.Equal([2, 4, 6], Runs.Metrics("epoch/top-1/all").Select(metrics => metrics.Step));
        Assert.Equal([1, 2, 3], Runs.Events.OfType<RunSnapshot>().Select(snapshot => snapshot.Epoch));
        Assert.Equal(1, Runs.Events.OfType<RunProgress>().Last().Fraction, 6);
        Assert.Contains(Runs.Events.OfType<RunLog>(), log => log.Message.Contains("ViT, patch 8, and BERT", StringComparison.Ordinal));
    }

    /// <summary>In parts, each encoded twice.</summary>
    [Fact]
    public void Execute_InBfloat16_StaysNearFloat32() =>
        NarrowTraining.AssertNear(Runs, Small, Small with { Precision = Precision.Bfloat16 }, World);

    [Fact]
    public void Execute_MoreEpochs_LowersTheLoss()
    {
        Runs.Execute(Small with { Epochs = 25, LearningRate = 5e-3, Temperature = 0.1, AutoAugment = false }, World);

        var losses = Runs.Metrics("epoch/loss").Select(metrics => metrics.Values["epoch/loss"]).ToList();
        Assert.True(losses[^1] < 0.6 * losses[0], string.Join(" ", losses));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Execute_WithoutDropoutAndAugmentation_GivesPytorchsCurve(int pairsAtOnce)
    {
        var options = Plain() with { InitialModel = Made("start"), Towers = TowerKind.Small, VisionWeights = "", TextWeights = "",
            LearningRate = 2e-3, Epochs = 6, PairsAtOnce = pairsAtOnce };
        Runs.Execute(options, World);

        var expected = JsonNode.Parse(File.ReadAllText(Made("curve.json")))!.AsArray();
        Assert.Equal(expected.Count, Runs.Metrics("loss").Count);
        foreach (var (step, metrics) in expected.Zip(Runs.Metrics("loss")))
        {
            Assert.Equal(step!["loss"]!.GetValue<double>(), metrics.Values["loss"], 1e-5);
            Assert.Equal(step["temperature"]!.GetValue<double>(), metrics.Values["temperature"], 1e-6);
        }
    }

    [Fact]
    public void Execute_TowersThatPytorchWrote_HaveTheWeightsOfTheirFiles()
    {
        using var scope = NewDisposeScope();
        var run =
            Runs.Execute(Plain() with { VisionWeights = Made("timm.pth"), TextWeights = Made("bert"), LearningRate = 1e-30, Epochs = 1 }, World);

        using var model = SimSegWeights.Load(run.File("model/model.safetensors")).Model;
        using var same = SimSegWeights.Load(Made("start/model.safetensors")).Model;
        var weights = model.state_dict();
        Assert.All(same.state_dict().Where(tensor => tensor.Key.Contains("encoder", StringComparison.Ordinal)),
            tensor => Assert.True(tensor.Value.allclose(weights[tensor.Key], 0, 1e-12), tensor.Key));
        Assert.Equal((0, 0), (model.Shape.Text.Dropout, model.Shape.Text.AttentionDropout));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Execute_LearningNothing_HasTheWeightsOfTheFiles(bool old)
    {
        using var scope = NewDisposeScope();
        var options = Small with { TextWeights = Towers.Text(old), LearningRate = 1e-30, Epochs = 1 };
        var run = Runs.Execute(options, World);

        var (model, report) = SimSegWeights.Load(run.File("model/model.safetensors"));
        using var _ = model;
        Assert.Empty(report.Unexpected);
        Assert.Equal((1, 2), (model.Shape.Image.Heads, model.Shape.Text.Heads));
        using var vision = CheckpointFile.Open(options.VisionWeights);
        using var text = CheckpointFile.Open(Path.Combine(options.TextWeights, "model.safetensors"));
        var weights = model.state_dict();
        foreach (var name in new[] { "cls_token", "pos_embed", "patch_embed.proj.weight", "blocks.1.mlp.fc2.bias", "norm.bias" })
            Same(vision[name], weights["image_encoder." + name]);
        var (prefix, gain) = old ? ("bert.", "gamma") : ("", "weight");
        foreach (var name in new[] { "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight",
            "encoder.layer.0.attention.self.value.weight" })
            Same(text[prefix + name], weights["text_encoder." + name]);
        Same(text[$"{prefix}embeddings.LayerNorm.{gain}"], weights["text_encoder.embeddings.LayerNorm.weight"]);

        // As PyTorch draws a Linear: uniform up to the inverse root of the width.
        var projection = weights["image_projection.linear.weight"];
        Assert.Equal([12, SmallTowers.Width], projection.shape);
        Assert.InRange(projection.abs().max().item<float>(), 0.2, 0.25);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Execute_Resumed_GoesOnBitForBit(int pairsAtOnce)
    {
        var options = Small with { PairsAtOnce = pairsAtOnce };
        var whole = Runs.Execute(options, World);
        var curves = Runs.Curves();
        var model = File.ReadAllBytes(whole.File("model/model.safetensors"));

        // As if it had been killed in the last epoch.
        Directory.Delete(Path.Combine(whole.Checkpoints, "epoch-0003"), recursive: true);
        Directory.Delete(whole.File("model"), recursive: true);
        Runs.Resume(whole, options, World);

        Assert.Equal(4, Runs.Events.OfType<RunResumed>().Single().Step);
        Assert.Equal(curves.Where(value => int.Parse(value.Split(' ')[0]) > 4), Runs.Curves());
        Assert.Equal(model, File.ReadAllBytes(whole.File("model/model.safetensors")));
    }

    [Fact]
    public void Execute_DecayAll_ShrinksBiasesToo()
    {
        using var scope = NewDisposeScope();
        var options = Small with { BatchSize = 20, PairsAtOnce = 0, Epochs = 1, Warmup = 0, LearningRate = 0.01, WeightDecay = 0.5 };
        using var file = CheckpointFile.Open(options.VisionWeights);
        using var all = Trained(options);
        using var matrices = Trained(options with { DecayAll = false });

        // One step: -rate · decay · weight is all they differ by.
        Same(TensorFile.ToData(all.state_dict()["image_encoder.blocks.0.attn.qkv.weight"]),
            matrices.state_dict()["image_encoder.blocks.0.attn.qkv.weight"]);
        var shrunk = matrices.state_dict()["image_encoder.norm.bias"] - all.state_dict()["image_encoder.norm.bias"];
        Assert.True(shrunk.allclose(TensorFile.ToTensor(file["norm.bias"]) * (0.01 * 0.5), 1e-3, 1e-6));

        SimSegModel Trained(ClipTrainingOptions training) => SimSegWeights.Load(Runs.Execute(training, World).File("model/model.safetensors")).Model;
    }

    [Fact]
    public void Execute_Dropout_IsDrawnAnewEachStep()
    {
        // Without learning, two epochs differ by dropout and augmentation alone; without dropout and augmentation not at all.
        var still = Small with { LearningRate = 1e-30, CropScale = 1, AutoAugment = false, BatchSize = 20, Epochs = 2, PairsAtOnce = 20 };
        Assert.True(LossesDiffer(still));
        Assert.False(LossesDiffer(still with { TextWeights = Towers.Text(configuration: """{ "num_attention_heads": 2, "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0 }""") }));

        bool LossesDiffer(ClipTrainingOptions options)
        {
            Runs.Execute(options, World);
            var losses = Runs.Metrics("loss").Select(metrics => metrics.Values["loss"]).ToList();
            return Math.Abs(losses[0] - losses[1]) > 1e-3;
        }
    }

    /// <summary>The upper bound of the authors' loss is 0.5.</summary>
    [Fact]
    public void Execute_TemperatureAboveItsBound_IsBroughtThere()
    {
        Runs.Execute(Small with { Temperature = 1 }, World);
        Assert.All(Runs.Metrics("temperature"), metrics => Assert.InRange(metrics.Values["temperature"], 0.45, 0.5));
    }

    [Fact]
    public void Execute_ItsModel_IsASimSegThatIsAskedAsItSays()
    {
        var path = Runs.Execute(Small, World).File("model");
        var catalog = new ModelCatalog(Folder.Path);

        var added = catalog.Add(path, "trained");
        using var model = (TextSupervisedSimSeg)TextSupervisedModels.Open(catalog.Find("trained"), CPU);

        Assert.Equal((PretrainedModel.SimSeg, 48, 12), (added.Kind, added.Resolution, added.EmbeddingSize));
        Assert.Equal(new FeaturePooling(PoolingKind.Loda, ImageK: 5, TextK: 1, MaskPadding: true), model.Recipe.Features.Pooling);
        Assert.Equal((48, 25), (model.Resolution, model.Recipe.ContextLength));
        using var models = new LoadedModels(catalog);
        var test = SelfTestHandler.Answer(new("trained"), models);
        Assert.True(test.Passed, string.Join('\n', test.Checks));
    }

    [Fact]
    public void Execute_ItsModel_MakesZeroShotMasks()
    {
        var path = Runs.Execute(Small, World).File("model");
        var zeroShot = new MethodRuns(Folder, ZeroShotMethod.Descriptor, () => new ZeroShotRun());

        var options = (ZeroShotOptions)ZeroShotMethod.Descriptor.Presets[0].Options with { Model = path, SnapshotImages = 1, TensorThreads = 1 };
        var run = zeroShot.Execute(options, World);

        Assert.InRange(zeroShot.Events.OfType<RunEvaluated>().First(evaluated => !evaluated.Reference).Miou, 0, 1);
        Assert.All(zeroShot.Events.OfType<RunEvaluated>(), evaluated => Assert.Equal("32 px", evaluated.Protocol.Variant));
        Assert.Contains(zeroShot.Events.OfType<RunLog>(), log => log.Message.Contains("48 px", StringComparison.Ordinal));

        // What an attempt that was stopped has not made is made the same.
        var (scores, masks) = (zeroShot.Scores(), Directory.GetFiles(run.Masks).Order().ToDictionary(file => file, File.ReadAllBytes));
        File.Delete(masks.Keys.Last());
        zeroShot.Resume(run, options, World);
        Assert.Equal(scores, zeroShot.Scores());
        Assert.All(masks, mask => Assert.Equal(mask.Value, File.ReadAllBytes(mask.Key)));
    }

    [Theory]
    [InlineData(1e-30, true)]
    [InlineData(0.01, false)]
    public void Execute_FromASimSeg_GoesOnFromItsWeightsWithItsVocabulary(double rate, bool staysAsItWas)
    {
        using var scope = NewDisposeScope();
        var start = Runs.Execute(Small with { Temperature = 0.3 }, World).File("model");

        var run =
            Runs.Execute(Small with { InitialModel = start, Towers = TowerKind.Small, VisionWeights = "", TextWeights = "", LearningRate = rate,
                Epochs = 1, ImageSize = 48 }, World);

        Assert.InRange(Runs.Metrics("temperature")[0].Values["temperature"], 0.28, 0.32);
        Assert.Equal(File.ReadAllText(Path.Combine(start, "vocab.txt")), File.ReadAllText(run.File("model/vocab.txt")));
        using var before = SimSegWeights.Load(Path.Combine(start, "model.safetensors")).Model;
        using var after = SimSegWeights.Load(run.File("model/model.safetensors")).Model;
        Assert.Equal(staysAsItWas,
            before.state_dict()["text_projection.linear.weight"].allclose(after.state_dict()["text_projection.linear.weight"], 1e-6, 1e-7));
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind() =>
        Assert.Equal(Runs.TensorsLeftBy(Small, World), Runs.TensorsLeftBy(Small with { Epochs = 5 }, World));

    [Fact]
    public void DryRun_EstimatesAllSteps()
    {
        var report = Runs.DryRun(Small, World);
        Assert.True(report is { Steps: 6, SecondsPerStep: > 0 } && report.EstimatedSeconds >= report.SecondsPerStep * report.Steps);
    }

    /// <summary>The recipe as make.py has it: all pairs a batch, every image as it is.</summary>
    private ClipTrainingOptions Plain() =>
        Small with { Captions = Made("pairs"), EvaluationSize = 0, AutoAugment = false, CropScale = 1, Warmup = 0 };

    private static string Made(string file) => Path.Combine(AppContext.BaseDirectory, "Methods", "Clip", "Files", file);

    private static void Same(TensorData expected, Tensor actual) => Assert.Equal(expected.ToFloats(), actual.data<float>().ToArray());
}
