using Dashboard.Backend.Models.Clip;
using Dashboard.Tests.Libtorch;
using static TorchSharp.torch;

namespace Dashboard.Tests.Models;

[Collection(LibtorchCollection.Name)]
public sealed class ClipModelTests
{
    private static readonly ClipShape VisionTransformer =
        new(EmbeddingSize: 8, ImageResolution: 16, VisionLayers: [2], VisionWidth: 16, PatchSize: 4, ContextLength: 6, VocabularySize: 20,
            TextWidth: 16, TextLayers: 2);
    private static readonly ClipShape ResNet =
        VisionTransformer with { ImageResolution = 64, VisionLayers = [1, 1, 1, 1], VisionWidth = 4, PatchSize = null, VisionHeads = 2 };
    private static readonly ClipShape Hybrid = VisionTransformer with { VisionLayers = [1], VisionHeads = 4, Stem = new(Channels: 6, Blocks: 2) };
    private static readonly Dictionary<string, ClipShape> Towers = new() { ["ViT"] = VisionTransformer, ["hybrid"] = Hybrid, ["ResNet"] = ResNet };

    [Theory]
    [InlineData("ViT")]
    [InlineData("hybrid")]
    [InlineData("ResNet")]
    public void EncodeImage_OtherResolution_InterpolatesPositions(string tower)
    {
        using var scope = NewDisposeScope();
        var shape = Towers[tower];
        using var model = new ClipModel(shape).freeze();
        var side = shape.ImageResolution;
        Assert.Equal([2, 8], model.encode_image(randn(2, 3, side * 2, side)).shape);
    }

    [Theory]
    [InlineData("ViT")]
    [InlineData("hybrid")]
    [InlineData("ResNet")]
    public void EncodePatches_Image_GivesAFeatureOfEachPatch(string tower)
    {
        using var scope = NewDisposeScope();
        var shape = Towers[tower];
        using var model = new ClipModel(shape).freeze();
        var (side, patch) = (shape.ImageResolution, shape.PatchSize ?? 32);
        Assert.Equal([2, 8, side / patch, 2 * side / patch], model.encode_patches(randn(2, 3, side, side * 2)).shape);
    }

    [Fact]
    public void EncodePatches_BrighterCorner_ChangesThatPatchMost()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new ClipModel(VisionTransformer).freeze();
        var plain = zeros(1, 3, 16, 16);
        var bright = plain.clone();
        bright[TensorIndex.Ellipsis, 12..16, 0..4] = tensor(3f);
        var change = (model.encode_patches(bright) - model.encode_patches(plain)).abs().sum(dim: 1).flatten();
        Assert.Equal(12, change.argmax().item<long>());
    }

    [Fact]
    public void Tower_Hybrid_NamesStemAndPatch() => Assert.Equal("convolutional stem + ViT, patch 4", Hybrid.Tower);

    [Fact]
    public void EncodeText_LongerPadding_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = new ClipModel(VisionTransformer).freeze();
        var text = tensor(new long[] { 18, 3, 19, 0, 0, 0, 18, 3, 4, 5, 6, 19 }, [2, 6]);
        var alone = model.encode_text(text.narrow(0, 0, 1));
        Assert.True(allclose(alone, model.encode_text(text).narrow(0, 0, 1), 1e-5, 1e-6));
    }

    [Theory]
    [InlineData("ViT")]
    [InlineData("hybrid")]
    [InlineData("ResNet")]
    public void Freeze_Model_LetsGradientsReachImagesOnly(string tower)
    {
        using var scope = NewDisposeScope();
        var shape = Towers[tower];
        using var model = new ClipModel(shape).freeze();
        var images = randn(1, 3, shape.ImageResolution, shape.ImageResolution).requires_grad_();
        model.encode_image(images).pow(2).sum().backward();
        Assert.True(images.grad!.abs().sum().item<float>() > 0);
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [InlineData("ViT")]
    [InlineData("hybrid")]
    [InlineData("ResNet")]
    public void ComputeIn_BFloat16_StaysClose(string tower)
    {
        using var scope = NewDisposeScope();
        var shape = Towers[tower];
        manual_seed(2);
        using var model = new ClipModel(shape).freeze();
        var images = randn(2, 3, shape.ImageResolution, shape.ImageResolution);
        var text = tensor(new long[] { 18, 3, 4, 19, 0, 0 }, [1, 6]);
        var (image, words) = (model.encode_image(images), model.encode_text(text));
        model.compute_in(bfloat16);
        Assert.Equal(bfloat16, model.encode_image(images).dtype);
        Close(image, model.encode_image(images));
        Close(words, model.encode_text(text));

        static void Close(Tensor expected, Tensor actual) =>
            Assert.InRange((expected - actual.to(float32)).norm().item<float>() / expected.norm().item<float>(), 0, 0.05f);
    }

    [Fact]
    public void Train_FewPairs_LearnsToTellThemApart()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = new ClipModel(VisionTransformer);
        var images = randn(4, 3, 16, 16);
        var texts = tensor(new long[] { 18, 1, 19, 18, 2, 19, 18, 3, 19, 18, 4, 19 }, [4, 3]);
        var pairs = arange(4);
        using var optimizer = optim.AdamW(model.parameters(), lr: 5e-3);
        for (var step = 0; step < 100; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(model.call(images, texts).PerImage, pairs).backward();
            optimizer.step();
        }

        Assert.Equal([0L, 1, 2, 3], model.call(images, texts).PerImage.argmax(1).data<long>().ToArray());
    }
}
