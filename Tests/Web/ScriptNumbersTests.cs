using System.Reflection;
using System.Text.Json.Nodes;
using Dashboard.Domain.Datasets;
using Dashboard.Domain.Segmentation;
using Dashboard.Web.Compare;

namespace Dashboard.Tests.Web;

/// <summary>The numbers that the browser's scripts are tested against (<c>Tests/Scripts</c>) are those of the server.</summary>
public sealed class ScriptNumbersTests
{
    private static readonly JsonNode Numbers = JsonNode.Parse(File.ReadAllText(Path.Combine(
        typeof(ScriptNumbersTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Fixtures").Value!,
        "..", "Scripts", "numbers.json")))!;

    [Fact]
    public void Iou_OfTheNumbers_IsTheMatrixs()
    {
        var (truth, prediction) = (Bytes("truth"), Bytes("prediction").Select(label => label == LabelMap.Ignore ? LabelMap.Background : label));
        var matrix = new ConfusionMatrix((int)Numbers["labels"]!);
        matrix.Add(new LabelMap(truth.Length, 1, truth), new LabelMap(truth.Length, 1, [.. prediction]));

        Assert.Equal(Numbers["perClass"]!.AsArray().Select(iou => (double?)iou), matrix.PerClassIou);
        Assert.Equal((double)Numbers["mean"]!, matrix.MeanIou, 12);
        var pixels = Numbers["pixels"]!;
        Assert.Equal(new PixelShares((double)pixels["right"]!, (double)pixels["missed"]!, (double)pixels["falseAlarm"]!,
            (double)pixels["wrongClass"]!),
            PixelShares.Of(matrix));
        Assert.Null(PixelShares.Of(new ConfusionMatrix(2)));
    }

    [Fact]
    public void Colours_OfTheNumbers_AreVocs() => Assert.All(Numbers["voc"]!.AsObject(), colour =>
        Assert.Equal(colour.Value!.AsArray().Select(channel => (byte)channel!), Channels(byte.Parse(colour.Key))));

    private static byte[] Channels(byte label) => VocPalette.Colour(label) is var (r, g, b) ? [r, g, b] : [];

    private static byte[] Bytes(string name) => [.. Numbers[name]!.AsArray().Select(value => (byte)value!)];
}
