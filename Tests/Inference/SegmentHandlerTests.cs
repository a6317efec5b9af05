using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Inference;
using Dashboard.Backend.Methods.SimSeg;
using Dashboard.Backend.Pretrained;
using Dashboard.Backend.Text;
using Dashboard.Domain.Methods.TextImage;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Libtorch;
using Dashboard.Tests.Pretrained;

namespace Dashboard.Tests.Inference;

/// <summary>With a small CLIP whose weights are random: what comes back is what the segmenter makes, whatever that is.</summary>
[Collection(LibtorchCollection.Name)]
public sealed class SegmentHandlerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LoadedModels _models;
    private readonly ZeroShotOptions _options =
        new() { Model = "small", Templates = TemplateSet.Own, OwnTemplates = ["the {}", "a {}"], Background = "sea", ThresholdFactor = 0,
            ClosingSize = 3 };

    public SegmentHandlerTests()
    {
        var catalog = new ModelCatalog(_folder.File("data"));
        catalog.Add(SmallClip.Write(_folder.File("small")));
        catalog.Add(SmallClip.Write(_folder.File("mute"), vocabulary: false));
        _models = new LoadedModels(catalog);
    }

    public void Dispose()
    {
        _models.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answer_Image_IsWhatTheSegmenterMakes(bool crf)
    {
        var options = _options with { Crf = crf };
        var image = ImageFile.DecodeRgb(ImageFixtures("rgb.png"), "rgb.png");
        var report =
            SegmentHandler.Answer(new(ImageFixtures("rgb.png"), "rgb.png", ImageOrientation.Upright, ["cat", "mat", "at"], options), _models);

        var source = _models.Find("small");
        var expected = new ZeroShotSegmenter(_models.Get(source), _models.Texts(source, ["cat", "mat", "at"], options), options).Segment(image,
            everyCandidate: true);
        Assert.Equal((image.Width, image.Height, 16, 16, 2, 2),
            (report.Width, report.Height, report.SeenWidth, report.SeenHeight, report.GridWidth, report.GridHeight));
        Assert.Equal(["sea", "cat", "mat", "at"], report.Names);
        Assert.Equal(expected.Scores, report.Scores);
        Assert.Equal(expected.Selection.Threshold, report.Selection.Threshold);
        Assert.Equal(expected.Selection.Candidates, report.Candidates.Select(candidate => candidate.Row));
        Assert.Equal(expected.Responses.Select(response => response.Mask), report.Candidates.Select(candidate => candidate.Mask));
        Assert.Equal(expected.Similarities,
            Enumerable.Range(0, report.Similarities.Length / 4).Select(i => BitConverter.ToSingle(report.Similarities, 4 * i)));
        Assert.Equal(expected.Labels.Labels, ImageFile.Decode(report.Labels, "labels.png").ToLabels().Labels);
        Assert.Equal(image.Size, ImageFile.DecodeRgb(report.Preview, "preview.jpg").Size);
    }

    [Fact]
    public void Texts_AskedAgain_AreKept()
    {
        var source = _models.Find("small");
        var first = _models.Texts(source, ["cat", "mat"], _options);
        Assert.Same(first, _models.Texts(source, ["cat", "mat"], _options with { ThresholdFactor = 2, Crf = false }));
        Assert.NotSame(first, _models.Texts(source, ["mat", "cat"], _options));
        Assert.NotSame(first, _models.Texts(source, ["cat", "mat"], _options with { Background = "" }));
        Assert.NotSame(first, _models.Texts(source, ["cat", "mat"], _options with { OwnTemplates = ["{}"] }));
        Assert.Same(first, _models.Texts(source, ["cat", "mat"], _options));
    }

    [Fact]
    public void Answer_PhotographThatLiesOnItsSide_IsTurnedUpright()
    {
        var file = ImageFixtures("exif_orientation_6.jpg");
        var stored = ImageFile.DecodeRgb(file, "photo.jpg").Size;
        Assert.Equal((stored.Height, stored.Width), Size(ImageOrientation.Upright));
        Assert.Equal((stored.Width, stored.Height), Size(ImageOrientation.AsStored));

        (int, int) Size(ImageOrientation orientation)
        {
            var report = SegmentHandler.Answer(new(file, "photo.jpg", orientation, ["cat"], _options), _models);
            return (report.Width, report.Height);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(5000, 1, 1600, 1)]
    [InlineData(2000, 3000, 1067, 1600)]
    public void Answer_OddSizes_HaveLabelsOfTheirSizeAndAPreview(int width, int height, int previewWidth, int previewHeight)
    {
        var file = ImageFile.EncodePng(new ImageBuffer(width, height, 1, new byte[width * height]), compression: 1);
        var report = SegmentHandler.Answer(new(file, "odd.png", ImageOrientation.Upright, ["cat", "mat"], _options), _models);
        var labels = ImageFile.Decode(report.Labels, "labels.png").Info.Size;
        Assert.Equal((width, height), (labels.Width, labels.Height));
        Assert.Equal(new ImageSize(previewWidth, previewHeight), ImageFile.DecodeRgb(report.Preview, "preview.jpg").Size);
    }

    [Fact]
    public void Answer_WhatCannotBe_NamesTheFault()
    {
        var whole = ImageFixtures("rgb.png");
        Assert.Contains("Class 2 of 3 has no name", Refusal<InferenceException>(whole, ["cat", " ", "mat"], _options), StringComparison.Ordinal);
        Assert.Contains("'Cat' is given twice", Refusal<InferenceException>(whole, ["cat", "Cat"], _options), StringComparison.Ordinal);
        Assert.Contains("odd.png is damaged", Refusal<ImageException>(whole[..^30], ["cat"], _options), StringComparison.Ordinal);
        Assert.Contains("not an image in a format that is read", Refusal<ImageException>("II*\0"u8.ToArray(), ["cat"], _options),
            StringComparison.Ordinal);
        Assert.Contains("50 megapixels", Refusal<ImageException>(Declaring(whole, 8000, 8000), ["cat"], _options), StringComparison.Ordinal);
        Assert.Contains("takes at most 64, not 4096",
            Refusal<InferenceException>(whole, [.. Names(200)], _options with { Candidates = 200, Resolution = 4096 }), StringComparison.Ordinal);
        Assert.Contains("takes at most 64, not 65", Refusal<InferenceException>(whole, ["cat"], _options with { Resolution = 65 }),
            StringComparison.Ordinal);
        Assert.Contains("no vocabulary", Refusal<ModelException>(whole, ["cat"], _options with { Model = "mute" }), StringComparison.Ordinal);
        Assert.Contains("tokens", Refusal<TextTooLongException>(whole, [new string('x', 40)], _options), StringComparison.Ordinal);

        string Refusal<T>(byte[] file, string[] classes, ZeroShotOptions options) where T : Exception =>
            Assert.Throws<T>(() => SegmentHandler.Answer(new(file, "odd.png", ImageOrientation.Upright, classes, options), _models)).Message;
    }

    /// <summary>The asker gives up while the image goes through the model: no class is segmented, and no more names are read.</summary>
    [Fact]
    public void Answer_AskerGone_StopsAtTheNextClass()
    {
        using var gone = new CancellationTokenSource();
        var source = _models.Find("small");
        var model = new LeavingAsker(_models.Get(source), gone);
        var segmenter = new ZeroShotSegmenter(model, _models.Texts(source, ["cat", "mat"], _options), _options);
        Assert.Throws<OperationCanceledException>(() =>
            segmenter.Segment(ImageFile.DecodeRgb(ImageFixtures("rgb.png"), "rgb.png"), everyCandidate: true, gone.Token));
        Assert.True(model.WasAsked);

        var request = new SegmentRequest(ImageFixtures("rgb.png"), "rgb.png", ImageOrientation.Upright, ["at"], _options);
        Assert.Throws<OperationCanceledException>(() => SegmentHandler.Answer(request, _models, gone.Token));
        Assert.Equal(["sea", "at"], SegmentHandler.Answer(request, _models).Names);
    }

    [Fact]
    public void Answer_TwoHundredNames_AreScored()
    {
        var report = SegmentHandler.Answer(new(ImageFixtures("rgb.png"), "rgb.png", ImageOrientation.Upright, [.. Names(200)], _options), _models);
        Assert.Equal((201, 201), (report.Scores.Count, report.Selection.Ranking.Count));
        Assert.InRange(report.Candidates.Count, 4, 5);
    }

    /// <summary>A model whose asker hangs up as soon as the image's features are there.</summary>
    private sealed class LeavingAsker(ITextSupervisedModel model, CancellationTokenSource gone) : ITextSupervisedModel
    {
        public bool WasAsked { get; private set; }
        public int Resolution => model.Resolution;
        public Normalisation Normalisation => model.Normalisation;
        public TorchSharp.torch.Device Device => model.Device;
        public PatchAttention Attention => model.Attention;
        public int? LongestText => model.LongestText;

        public int Tokens(string text) => model.Tokens(text);

        public ImageFeatures Images(TorchSharp.torch.Tensor images)
        {
            var features = model.Images(images);
            WasAsked = true;
            gone.Cancel();
            return features;
        }

        public TorchSharp.torch.Tensor Texts(IReadOnlyList<string> texts) => model.Texts(texts);

        public void Dispose()
        {
            // The kept models own it.
        }
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(k => $"c{k}");

    private static byte[] ImageFixtures(string name) => Images.ImageFixtures.Bytes(name);

    /// <summary>A PNG whose header promises another size; the checksum of the header is made to fit.</summary>
    private static byte[] Declaring(byte[] png, int width, int height)
    {
        byte[] result = [.. png];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(20), height);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(29), Crc32(result.AsSpan(12, 17)));
        return result;
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
