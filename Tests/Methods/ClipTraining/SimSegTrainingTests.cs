using System.Text.Json.Nodes;
using Dashboard.Backend.Checkpoints;
using Dashboard.Backend.Datasets;
using Dashboard.Backend.Datasets.Captions;
using Dashboard.Backend.Datasets.Cooccurrence;
using Dashboard.Backend.Execution;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Methods.ClipTraining;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Training;
using Dashboard.Domain.Methods;
using Dashboard.Domain.Runs;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Execution;
using TorchSharp;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace Dashboard.Tests.Methods.ClipTraining;

/// <summary>SimSeg's own towers, from files as timm and Hugging Face write them.</summary>
[Collection("Whole process")]
public sealed class SimSegTrainingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly IImageDataset _world;
    private readonly SmallTowers _towers;
    private readonly MethodRuns _runs;
    private readonly ClipTrainingOptions _small;

    public SimSegTrainingTests()
    {
        _world = CooccurrenceWorld.Make(_folder.File("world"), train: 1, val: 6, captions: 20, size: 32);
        _towers = new SmallTowers(_folder, [.. CaptionCorpus.Of(_world).Captions, "a photo of a", .. _world.Classes.Names]);
        _runs = new MethodRuns(_folder, SimSegMethod.Descriptor, () => new ClipTrainer(SimSegMethod.Descriptor.Name));
        // The published recipe, but for sizes.
        _small = (ClipTrainingOptions)SimSegMethod.Descriptor.Presets.Single(preset => preset.Name == "published").Options with
        {
            VisionWeights = _towers.Vision(),
            TextWeights = _towers.Text(),
            ImageSize = 32,
            EvaluationSize = 48,
            EmbeddingSize = 12,
            Epochs = 3,
            BatchSize = 8,
            PairsAtOnce = 3,
            SnapshotImages = 1,
            LoaderThreads = 1,
            TensorThreads = 1,
        };
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Execute_PublishedRecipe_ReportsStepsEpochsAndSnapshots()
    {
        _runs.Execute(_small, _world);

        Assert.Equal([1, 2, 3, 4, 5, 6], _runs.Metrics("loss").Select(metrics => metrics.Step));
        Assert.All(_runs.Metrics("loss"), metrics =>
        {
            Assert.InRange(metrics.Values["accuracy/image to text"], 0, 1);
            Assert.InRange(metrics.Values["accuracy/text to image"], 0, 1);
            Assert.InRange(metrics.Values["temperature"], 0.019, 0.021);
        });
        Assert.Equal([2, 4, 6], _runs.Metrics("epoch/top-1/all").Select(metrics => metrics.Step));
        Assert.Equal([1, 2, 3], _runs.Events.OfType<RunSnapshot>().Select(snapshot => snapshot.Epoch));
        Assert.Equal(1, _runs.Events.OfType<RunProgress>().Last().Fraction, 6);
        Assert.Contains(_runs.Events.OfType<RunLog>(), log => log.Message.Contains("ViT, patch 8, and BERT", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_MoreEpochs_LowersTheLoss()
    {
        _runs.Execute(_small with { Epochs = 25, LearningRate = 5e-3, Temperature = 0.1, AutoAugment = false }, _world);

        var losses = _runs.Metrics("epoch/loss").Select(metrics => metrics.Values["epoch/loss"]).ToList();
        Assert.True(losses[^1] < 0.6 * losses[0], string.Join(" ", losses));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Execute_LearningNothing_HasTheWeightsOfTheFiles(bool old)
    {
        using var scope = NewDisposeScope();
        var options = _small with { TextWeights = _towers.Text(old), LearningRate = 1e-30, Epochs = 1 };
        var run = _runs.Execute(options, _world);

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
        foreach (var name in new[] { "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight", "encoder.layer.0.attention.self.value.weight" })
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
        var options = _small with { PairsAtOnce = pairsAtOnce };
        var whole = _runs.Execute(options, _world);
        var curves = _runs.Curves();
        var model = File.ReadAllBytes(whole.File("model/model.safetensors"));

        // As if it had been killed in the last epoch.
        Directory.Delete(Path.Combine(whole.Checkpoints, "epoch-0003"), recursive: true);
        Directory.Delete(whole.File("model"), recursive: true);
        _runs.Resume(whole, options, _world);

        Assert.Equal(4, _runs.Events.OfType<RunResumed>().Single().Step);
        Assert.Equal(curves.Where(value => int.Parse(value.Split(' ')[0]) > 4), _runs.Curves());
        Assert.Equal(model, File.ReadAllBytes(whole.File("model/model.safetensors")));
    }

    [Fact]
    public void Execute_DecayAll_ShrinksBiasesToo()
    {
        using var scope = NewDisposeScope();
        var options = _small with { BatchSize = 20, PairsAtOnce = 0, Epochs = 1, Warmup = 0, LearningRate = 0.01, WeightDecay = 0.5 };
        using var file = CheckpointFile.Open(options.VisionWeights);
        using var all = Trained(options);
        using var matrices = Trained(options with { DecayAll = false });

        // One step: -rate · decay · weight is all they differ by.
        Same(TensorFile.ToData(all.state_dict()["image_encoder.blocks.0.attn.qkv.weight"]), matrices.state_dict()["image_encoder.blocks.0.attn.qkv.weight"]);
        var shrunk = matrices.state_dict()["image_encoder.norm.bias"] - all.state_dict()["image_encoder.norm.bias"];
        Assert.True(shrunk.allclose(TensorFile.ToTensor(file["norm.bias"]) * (0.01 * 0.5), 1e-3, 1e-6));

        SimSegModel Trained(ClipTrainingOptions training) => SimSegWeights.Load(_runs.Execute(training, _world).File("model/model.safetensors")).Model;
    }

    [Fact]
    public void Execute_Dropout_IsDrawnAnewEachStep()
    {
        // Without learning, two epochs differ by dropout and augmentation alone; without dropout and augmentation not at all.
        var still = _small with { LearningRate = 1e-30, CropScale = 1, AutoAugment = false, BatchSize = 20, Epochs = 2, PairsAtOnce = 20 };
        Assert.True(LossesDiffer(still));
        Assert.False(LossesDiffer(still with { TextWeights = _towers.Text(configuration: """{ "num_attention_heads": 2, "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0 }""") }));

        bool LossesDiffer(ClipTrainingOptions options)
        {
            _runs.Execute(options, _world);
            var losses = _runs.Metrics("loss").Select(metrics => metrics.Values["loss"]).ToList();
            return Math.Abs(losses[0] - losses[1]) > 1e-3;
        }
    }

    [Fact]
    public void Execute_ItsModel_IsASimSegThatIsAskedAsItSays()
    {
        var path = _runs.Execute(_small, _world).File("model");
        var catalog = new ModelCatalog(_folder.Path);

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
        var path = _runs.Execute(_small, _world).File("model");
        var zeroShot = new MethodRuns(_folder, ZeroShotMethod.Descriptor, () => new ZeroShotRun());

        zeroShot.Execute((ZeroShotOptions)ZeroShotMethod.Descriptor.Presets[0].Options with { Model = path, SnapshotImages = 1, TensorThreads = 1 }, _world);

        Assert.InRange(zeroShot.Events.OfType<RunEvaluated>().First(evaluated => !evaluated.Reference).Miou, 0, 1);
        Assert.Contains(zeroShot.Events.OfType<RunLog>(), log => log.Message.Contains("48 px", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1e-30, true)]
    [InlineData(0.01, false)]
    public void Execute_FromASimSeg_GoesOnFromItsWeightsWithItsVocabulary(double rate, bool staysAsItWas)
    {
        using var scope = NewDisposeScope();
        var start = _runs.Execute(_small with { Temperature = 0.3 }, _world).File("model");

        var run = _runs.Execute(_small with { InitialModel = start, Towers = TowerKind.Small, VisionWeights = "", TextWeights = "", LearningRate = rate, Epochs = 1, ImageSize = 48 }, _world);

        Assert.InRange(_runs.Metrics("temperature")[0].Values["temperature"], 0.28, 0.32);
        Assert.Equal(File.ReadAllText(Path.Combine(start, "vocab.txt")), File.ReadAllText(run.File("model/vocab.txt")));
        using var before = SimSegWeights.Load(Path.Combine(start, "model.safetensors")).Model;
        using var after = SimSegWeights.Load(run.File("model/model.safetensors")).Model;
        Assert.Equal(staysAsItWas, before.state_dict()["text_projection.linear.weight"].allclose(after.state_dict()["text_projection.linear.weight"], 1e-6, 1e-7));
    }

    [Fact]
    public void Execute_Twice_LeavesNoTensorBehind()
    {
        _runs.Execute(_small, _world);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Native.LiveTensors;

        _runs.Execute(_small with { Epochs = 5 }, _world);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(before, Native.LiveTensors);
    }

    [Fact]
    public void DryRun_EstimatesAllSteps()
    {
        var report = _runs.DryRun(_small, _world);
        Assert.True(report is { Steps: 6, SecondsPerStep: > 0 } && report.EstimatedSeconds >= report.SecondsPerStep * report.Steps);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "not a ViT", "visionWeights", "'cls_token' is missing|'patch_embed.proj.weight' is missing" },
        { "another ViT", "visionWeights", "pos_embed" },
        { "no bias", "visionWeights", "blocks.1.norm2.bias" },
        { "layer scale", "visionWeights", "blocks.0.ls1.gamma" },
        { "no checkpoint", "visionWeights", "neither a safetensors file nor a PyTorch checkpoint" },
        { "not a BERT", "textWeights", "'embeddings.word_embeddings.weight' is missing" },
        { "RoBERTa", "textWeights", "its model_type is 'roberta', BERT's 'bert'" },
        { "no vocabulary", "textWeights", "vocab.txt of bert-base-uncased" },
        { "another vocabulary", "textWeights", "pieces, the text tower" },
        { "odd size", "imageSize", "no multiple of 8" },
        { "odd evaluation", "evaluationSize", "no multiple of 8" },
        { "long captions", "contextLength", "30 positions" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_WhatCannotWork_NamesOptionFileAndRemedyBeforeAnythingRuns(string fault, string option, string expected)
    {
        var options = Broken(fault);
        var failure = Assert.Single(new ClipTrainer("simseg").Check(options));
        Assert.Equal(option, failure.Option);
        Assert.StartsWith(option + ": ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected.Split('|'), part => failure.Message.Contains(part, StringComparison.Ordinal));

        // The same words where a worker meets them, the file having changed since.
        Assert.Equal(failure.Message, Assert.Throws<ModelException>(() => _runs.Execute(options, _world)).Message);
    }

    [Fact]
    public void Submit_FilesThatAreNone_IsRefused()
    {
        using var data = new TemporaryData();
        using var store = data.OpenStore();
        using var queue = data.OpenQueue(store);
        var options = new JsonObject { ["visionWeights"] = Path.Combine(_small.TextWeights, "vocab.txt"), ["textWeights"] = _small.TextWeights, ["imageSize"] = 32, ["evaluationSize"] = 0 };

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
        Assert.Equal(["visionWeights", "textWeights"], (_small with { Towers = TowerKind.Small, PatchSize = 8 }).Validate().Select(failure => failure.Option));
        Assert.Equal(["visionWeights", "textWeights"], (_small with { InitialModel = "trained" }).Validate().Select(failure => failure.Option));
        Assert.Equal("batchSize", Assert.Single((_small with { BatchSize = 4096, ImageSize = 512 }).Validate()).Option);
    }

    private ClipTrainingOptions Broken(string fault) => fault switch
    {
        "not a ViT" => _small with { VisionWeights = _small.TextWeights },
        "another ViT" => _small with { VisionWeights = _towers.Vision(tensors => tensors["pos_embed"] = TensorData.Of(new float[7 * 16], 1, 7, 16)) },
        "no bias" => _small with { VisionWeights = _towers.Vision(tensors => tensors.Remove("blocks.1.norm2.bias")) },
        "layer scale" => _small with { VisionWeights = _towers.Vision(tensors => tensors["blocks.0.ls1.gamma"] = TensorData.Of(new float[16], 16)) },
        "no checkpoint" => _small with { VisionWeights = _folder.Write("weights.npz", "no weights at all") },
        "not a BERT" => _small with { TextWeights = _small.VisionWeights },
        "RoBERTa" => _small with { TextWeights = _towers.Text(configuration: """{ "model_type": "roberta" }""") },
        "no vocabulary" => _small with { TextWeights = Without("vocab.txt") },
        "another vocabulary" => _small with { TextWeights = With("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n") },
        "odd size" => _small with { ImageSize = 36 },
        "odd evaluation" => _small with { EvaluationSize = 50 },
        "long captions" => _small with { ContextLength = 40 },
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };

    private string Without(string file)
    {
        var folder = _towers.Text();
        File.Delete(Path.Combine(folder, file));
        return folder;
    }

    private string With(string file, string content)
    {
        var folder = _towers.Text();
        File.WriteAllText(Path.Combine(folder, file), content);
        return folder;
    }

    private static void Same(TensorData expected, Tensor actual) => Assert.Equal(expected.ToFloats(), actual.data<float>().ToArray());
}
