using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Decoding;
using Dashboard.Backend.Images.Labels;
using Dashboard.Domain.Datasets;

namespace Dashboard.Tests.Images.Decoding;

/// <summary>A label map means what its maker meant, or is refused with the pixel, the colour or the label at fault.</summary>
public sealed class LabelDecodingTests
{
    private static readonly byte[] VocFirst8 = VocPalette.Rgb[..24];

    [Theory]
    [InlineData(2, new[] { 0, 1, 2, 3 })]
    [InlineData(4, new[] { 0, 1, 7, 14 })]
    [InlineData(8, new[] { 0, 1, 20, 255 })]
    [InlineData(16, new[] { 0, 1, 20, 255 })]
    public void Read_GrayOfAnyDepth_TakesTheSamples(int depth, int[] labels) => Same(labels, TestPng.Make(4, 1, depth, TestPng.Gray, labels));

    [Theory]
    [InlineData(1, new[] { 0, 1, 1, 0 })]
    [InlineData(2, new[] { 0, 1, 2, 3 })]
    [InlineData(4, new[] { 0, 1, 5, 7 })]
    [InlineData(8, new[] { 0, 1, 5, 7 })]
    public void Read_IndicesOfAnyDepth_MeanThemselves(int depth, int[] labels) =>
        Same(labels, TestPng.Make(4, 1, depth, TestPng.Indexed, labels, VocFirst8[..Math.Min(24, 3 << depth)]));

    [Fact]
    public void Read_BlackAndWhite_IsALabelWhereThereIsOneClassOnly()
    {
        var mask = TestPng.Make(4, 1, 1, TestPng.Gray, [0, 1, 1, 0]);
        Same([0, 1, 1, 0], mask, classes: 1);
        Refused(mask, "black and white", classes: 3);
        Refused(TestPng.Make(4, 1, 4, TestPng.Gray, [0, 15, 15, 0]), "black and white", classes: 20);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(65535)]
    public void Read_DeepGrayBeyondTheLabels_NamesTheValue(int value) =>
        Refused(TestPng.Make(2, 1, 16, TestPng.Gray, [1, value]), $"the label {value}");

    [Fact]
    public void Read_VocColours_AreTheirLabels()
    {
        int[] labels = [0, 1, 15, 20, 255, 7];
        var pixels = labels.SelectMany(label => VocPalette.Colour((byte)label) is var (r, g, b) ? new int[] { r, g, b } : []).ToList();
        Same(labels, TestPng.Make(3, 2, 8, TestPng.Rgb, pixels), classes: 20);
        Same(labels, TestPng.Make(3, 2, 8, TestPng.Rgba, [.. pixels.Chunk(3).SelectMany(pixel => pixel.Append(255))]), classes: 20);
    }

    [Fact]
    public void Read_AColourOfNobody_IsNamedWithItsPixel() =>
        Refused(TestPng.Make(2, 1, 8, TestPng.Rgb, [128, 0, 0, 51, 221, 255]), "#33DDFF at x 1, y 0, which is none of VOC's");

    [Fact]
    public void Read_AVocColourBeyondTheClasses_IsRefused() =>
        Refused(TestPng.Make(2, 1, 8, TestPng.Rgb, [128, 0, 0, 0, 128, 128]), "#008080", classes: 3);

    [Fact]
    public void Read_White_IsNoLabel() => Refused(TestPng.Make(2, 1, 8, TestPng.Rgb, [0, 0, 0, 255, 255, 255]), "#FFFFFF", classes: 1);

    [Fact]
    public void Read_GrayLevelsInThreeChannels_AreLabels() =>
        Same([0, 1, 3, 255], TestPng.Make(4, 1, 8, TestPng.Rgb, [0, 0, 0, 1, 1, 1, 3, 3, 3, 255, 255, 255]), classes: 3);

    [Fact]
    public void Read_GrayAndAlpha_IsReadWhereItIsOpaque()
    {
        Same([0, 2, 1, 0], TestPng.Make(4, 1, 8, TestPng.GrayAlpha, [0, 255, 2, 255, 1, 255, 0, 0]));
        Refused(TestPng.Make(2, 1, 8, TestPng.GrayAlpha, [0, 255, 2, 128]), "transparent at x 1, y 0");
        Refused(TestPng.Make(2, 1, 8, TestPng.Rgba, [0, 0, 0, 0, 128, 0, 0, 100]), "transparent at x 1, y 0");
    }

    [Fact]
    public void Read_IndicesThatAnEditorHasRenumbered_AreRefused()
    {
        // Black and the person's pink, which an editor has given the index 1.
        Refused(TestPng.Make(2, 1, 1, TestPng.Indexed, [0, 1], [0, 0, 0, 192, 128, 128]), "index 1 has the colour #C08080, which is label 15");
        // A gray map of the labels 0 and 2, made smaller.
        Refused(TestPng.Make(2, 1, 1, TestPng.Indexed, [0, 1], [0, 0, 0, 2, 2, 2]), "index 1 has the gray level 2", classes: 3);
        // Colours of the user's own say nothing.
        Same([0, 1], TestPng.Make(2, 1, 1, TestPng.Indexed, [0, 1], [0, 0, 0, 10, 200, 90]));
        Same([0, 1], TestPng.Make(2, 1, 1, TestPng.Indexed, [0, 1], [0, 0, 0, 255, 255, 255]));
    }

    [Fact]
    public void Read_ColoursOfTheDataSet_CountForPalettesToo()
    {
        var coding = new LabelCoding(2, new Dictionary<int, byte> { [0] = 0, [0x33DDFF] = 2, [0xFA3253] = 1 }, HasOwnColours: true);
        byte[] palette = [0, 0, 0, 0x33, 0xDD, 0xFF, 0xFA, 0x32, 0x53];
        Assert.Equal([0, 2, 1], Decode(TestPng.Make(3, 1, 2, TestPng.Indexed, [0, 1, 2], palette)).ToLabels(coding).Labels);
        Assert.Equal([2, 1, 0], Decode(TestPng.Make(3, 1, 8, TestPng.Rgb, [0x33, 0xDD, 0xFF, 0xFA, 0x32, 0x53, 0, 0, 0])).ToLabels(coding).Labels);
        Assert.Contains("labelmap.txt",
            Assert.Throws<ImageException>(() => Decode(TestPng.Make(1, 1, 8, TestPng.Rgb, [128, 0, 0])).ToLabels(coding)).Message);
    }

    private static void Same(int[] labels, byte[] png, int? classes = null) =>
        Assert.Equal(labels, Decode(png).ToLabels(Coding(classes)).Labels.Select(label => (int)label));

    private static void Refused(byte[] png, string reason, int? classes = null)
    {
        var error = Assert.Throws<ImageException>(() => Decode(png).ToLabels(Coding(classes)));
        Assert.StartsWith("mask.png ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static LabelCoding Coding(int? classes) => LabelCoding.Voc with { Classes = classes };

    private static DecodedImage Decode(byte[] png) => ImageFile.Decode(png, "mask.png");
}
