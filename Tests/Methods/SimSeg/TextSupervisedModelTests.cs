using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Models;
using Dashboard.Backend.Models.Clip;
using Dashboard.Backend.Models.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Seeds;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Models;
using Dashboard.Tests.Text;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Tests.Methods.SimSeg;

[Collection(LibtorchCollection.Name)]
public sealed class TextSupervisedModelTests
{
    private static readonly ClipShape VisionTransformer = new(
        EmbeddingSize: 8, ImageResolution: 16, VisionLayers: [1], VisionWidth: 16, PatchSize: 4, ContextLength: 12,
        VocabularySize: SmallVocabulary.Vocabulary.Size, TextWidth: 16, TextLayers: 1);

    public static TheoryData<string> Towers => ["vit", "hybrid", "resnet"];

    [Theory]
    [MemberData(nameof(Towers))]
    public void Clip_GlobalPooling_ComparesWhatClipCompares(string tower)
    {
        using var scope = NewDisposeScope();
        using var folder = new TempFolder();
        using var model = Clip(tower);
        using var asked = Opened(folder, model, ClipRecipe.Published);
        var images = randn(2, 3, asked.Resolution, asked.Resolution);
        var features = asked.Images(images);
        Close(functional.normalize(model.encode_image(images), dim: -1), features.Image);
        Close(functional.normalize(model.encode_patches(images), dim: 1), features.Patches);

        long[] tokens = [.. ((string[])["cat", "the cat"]).SelectMany(text => new ClipTokenizer(SmallVocabulary.Vocabulary).Tokenize(text, 12))];
        Close(functional.normalize(model.encode_text(tensor(tokens, [2, 12])), dim: -1), asked.Texts(["cat", "the cat"]));
    }

    [Theory]
    [MemberData(nameof(Towers))]
    public void Clip_Loda_PoolsProjectedPatchesAndWords(string tower)
    {
        using var scope = NewDisposeScope();
        using var folder = new TempFolder();
        using var model = Clip(tower);
        using var asked = Opened(folder, model, new ClipRecipe(new(PoolingKind.Loda, ImageK: 2), PixelNormalisation.ImageNet));
        var images = randn(2, 3, asked.Resolution, asked.Resolution);
        var patches = model.encode_patches(images).flatten(2);
        Close(functional.normalize(patches.topk(2, dim: -1).values.mean([-1]), dim: -1), asked.Images(images).Image);
        // A longer text beside it changes a text's padding, not its feature.
        Close(asked.Texts(["cat"]), asked.Texts(["cat", "the cat the cat"]).narrow(0, 0, 1));
    }

    [Fact]
    public void Clip_Words_EndWithTheFeatureOfTheText()
    {
        using var scope = NewDisposeScope();
        using var model = Clip("vit");
        var tokens = tensor(new ClipTokenizer(SmallVocabulary.Vocabulary).Tokenize("the cat", 12), [1, 12]);
        var (words, mask) = model.encode_words(tokens);
        Assert.Equal([1, 4, 8], words.shape);
        Assert.Equal([1, 1, 1, 1], mask.data<long>().ToArray());
        Close(model.encode_text(tokens), words.select(1, 3));
    }

    [Fact]
    public void SimSeg_Images_AreAMapOfPatchesAndTheirPooledFeature()
    {
        using var scope = NewDisposeScope();
        using var asked = SimSeg(out var model);
        // 3 x 4 patches, where the position embedding was made for 3 x 3.
        var images = randn(2, 3, 12, 16);
        var features = asked.Images(images);
        Assert.Equal([2, 5, 3, 4], features.Patches.shape);
        var patches = model.encode_image(images).Patches;
        Close(functional.normalize(patches[1, 6], dim: 0), features.Patches[1, TensorIndex.Colon, 1, 2]);
        Close(TokenPooling.L2Norm(TokenPooling.MaximumResponse(patches, 5)), features.Image);
    }

    [Fact]
    public void SimSeg_Texts_DoNotDependOnTheirPadding()
    {
        using var scope = NewDisposeScope();
        using var asked = SimSeg(out _);
        Close(asked.Texts(["a"]), asked.Texts(["a", "b c d e f a b c d e f a b c d e f a b c d e f a b c d e f"]).narrow(0, 0, 1));
    }

    [Fact]
    public void SimSeg_ALargerVocabulary_IsRefused()
    {
        using var model = new SimSegModel(SimSegWeightsTests.Small);
        var vocabulary = new WordPieceVocabulary("test", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", .. Enumerable.Range(0, 20).Select(i => $"{i}")]);
        Assert.Contains("24 pieces, but the text tower has 11",
            Assert.Throws<ArgumentException>(() => new TextSupervisedSimSeg(model, new(vocabulary))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatATrainerWrote_IsAskedAsItWasTrained()
    {
        using var folder = new TempFolder();
        using var model = Clip("hybrid");
        var recipe = new ClipRecipe(new(PoolingKind.Loda, ImageK: 3, TextK: 2, MaskPadding: false), PixelNormalisation.ImageNet);
        using var opened = LoadedClip.Open(Written(folder, model, recipe.ToMetadata()), CPU);
        Assert.Equal(recipe, opened.Recipe);
        using var other = new TempFolder();
        using var asked = Opened(other, model, recipe);
        Assert.Same(Normalisation.ImageNet, asked.Normalisation);
    }

    [Theory]
    [InlineData("pooling", "max", "global, average, loda")]
    [InlineData("image_k", "0", "not a number of at least 1")]
    public void Open_MetadataThatIsNotKnown_IsNamed(string key, string value, string expected)
    {
        using var folder = new TempFolder();
        using var model = Clip("vit");
        var source = Written(folder, model, new Dictionary<string, string> { [key] = value });
        var error = Assert.Throws<CheckpointException>(() => LoadedClip.Open(source, CPU));
        Assert.Contains($"{key} '{value}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenSimSeg_AVocabularyThatIsNone_NamesIt()
    {
        using var folder = new TempFolder();
        using (var model = new SimSegModel(SimSegWeightsTests.Small))
            SimSegWeights.Save(model, folder.File("model.safetensors"));
        var good = folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n");
        using (var opened = TextSupervisedModels.OpenSimSeg(folder.File("model.safetensors"), good, CPU))
            Assert.Equal([1, 5], opened.Texts(["a"]).shape);
        foreach (var bad in (string[])[folder.Write("other.txt", "a\nb"), folder.File("missing.txt")])
            Assert.Contains(bad, Assert.Throws<ModelException>(() =>
                TextSupervisedModels.OpenSimSeg(folder.File("model.safetensors"), bad, CPU)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Catalog_SimSegWithItsVocabulary_IsKnownAndOpened()
    {
        using var folder = new TempFolder();
        using (var model = new SimSegModel(SimSegWeightsTests.Small))
            SimSegWeights.Save(model, folder.File("simseg.safetensors"));
        folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nc\nd\ne\nf\ng\n");
        var catalog = new ModelCatalog(folder.Path);

        var added = catalog.Add(folder.File("simseg.safetensors"));

        Assert.Equal(("SimSeg", folder.File("vocab.txt")), (added.Kind, added.Vocabulary));
        using (var opened = TextSupervisedModels.Open(catalog.Find("simseg"), CPU))
            Assert.Equal([2, 5], opened.Texts(["a", "b c"]).shape);
        Assert.Contains("a CLIP is needed", Assert.Throws<ModelException>(() => LoadedClip.Open(added, CPU)).Message, StringComparison.Ordinal);

        folder.Write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n");
        Assert.Contains("has 5 symbols, but the model has 11",
            Assert.Throws<ModelException>(() => catalog.Add(folder.File("simseg.safetensors"))).Message, StringComparison.Ordinal);
    }

    private static ITextSupervisedModel Opened(TempFolder folder, ClipModel model, ClipRecipe recipe) =>
        TextSupervisedModels.Open(Written(folder, model, recipe.ToMetadata()), CPU);

    private static PretrainedModel Written(TempFolder folder, ClipModel model, IReadOnlyDictionary<string, string> remarks)
    {
        var path = folder.File("clip");
        Directory.CreateDirectory(path);
        ClipWeights.Save(model, Path.Combine(path, "model.safetensors"), remarks);
        SmallVocabulary.Vocabulary.Save(Path.Combine(path, "merges.txt"));
        return new ModelCatalog(folder.Path).Find(path);
    }

    private static ClipModel Clip(string tower)
    {
        manual_seed(5);
        return new ClipModel(tower switch
        {
            "resnet" =>
                VisionTransformer with { ImageResolution = 64, VisionLayers = [1, 1, 1, 1], VisionWidth = 4, PatchSize = null, VisionHeads = 2 },
            "hybrid" => VisionTransformer with { Stem = new(8, 1) },
            _ => VisionTransformer,
        }).freeze();
    }

    private static TextSupervisedSimSeg SimSeg(out SimSegModel model)
    {
        manual_seed(6);
        model = new SimSegModel(SimSegWeightsTests.Small);
        return new(model, new(new WordPieceVocabulary("test", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "d", "e", "f"])));
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(allclose(expected, actual, 1e-4, 1e-5));
    }
}
