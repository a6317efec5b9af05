using System.Reflection;
using System.Text.Json;
using Dashboard.Backend.Datasets.Coco;
using Dashboard.Backend.Images;

namespace Dashboard.Tests.Datasets.Coco;

public sealed class InstanceCanvasTests
{
    private static readonly string Golden = Path.Combine(
        typeof(InstanceCanvasTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Fixtures").Value!,
        "coco", "polygons.json");

    private sealed record Case(int[] Size, double[] Polygon, long[] Counts, string Text);

    [Fact]
    public void FillPolygon_AndFillRuns_GiveThePixelsOfPycocotools()
    {
        var cases = JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Golden), JsonSerializerOptions.Web)!;
        Assert.Equal(50, cases.Length);
        foreach (var known in cases)
        {
            var expected = Pixels(known);
            var polygon = new InstanceCanvas(known.Size[1], known.Size[0]);
            polygon.FillPolygon(known.Polygon, 1);
            Assert.Equal(expected, polygon.Labels.Labels);

            Assert.Equal(known.Counts, RunLengths.Parse(known.Text));
            var runs = new InstanceCanvas(known.Size[1], known.Size[0]);
            runs.FillRuns(known.Counts, 1);
            Assert.Equal(expected, runs.Labels.Labels);

            Assert.Equal(known.Counts, RunLengths.Of(Array.ConvertAll(expected, label => label == 1), known.Size[1], known.Size[0]));
            Assert.Equal(known.Text, RunLengths.Format(known.Counts));
        }
    }

    /// <summary>By hand. Corners at whole numbers: the pixels between them. At halves: from 1.5 the walk enters column 2's middle fifth first (1.5 is
    /// 8 fifths, the middle of column 2
    /// is 12), and rows are rounded up likewise, so that the square from 1.5 to 3.5 covers 2 and 3. From 4.4, 22 fifths, the walk still passes the
    /// middle fifth of column 4.</summary>
    [Theory]
    [InlineData(1, 3, "......|.XX...|.XX...|......|......")]
    [InlineData(1.5, 3.5, "......|......|..XX..|..XX..|......")]
    [InlineData(-9, 2, "XX....|XX....|......|......|......")]
    [InlineData(4.4, 99, "......|......|......|......|....XX", 3.6)]
    public void FillPolygon_OfASquare_CoversWhatOneCountsByHand(double from, double to, string expected, double? fromY = null)
    {
        var canvas = new InstanceCanvas(6, 5);
        var top = fromY ?? from;
        canvas.FillPolygon([from, top, from, to, to, to, to, top], 7);
        Assert.Equal(
            expected, string.Join('|', canvas.Labels.Labels.Chunk(6).Select(row => string.Concat(row.Select(label => label == 7 ? 'X' : '.')))));
    }

    [Fact]
    public void Fill_OverlappingOutlines_KeepTheFirstLabel()
    {
        var canvas = new InstanceCanvas(3, 1);
        canvas.FillPolygon([0, 0, 2, 0, 2, 1, 0, 1], 1);
        canvas.FillRuns([1, 2], 2);
        Assert.Equal([1, 1, 2], canvas.Labels.Labels);
    }

    /// <summary>The pixels of a case row by row, from its runs, which go column by column.</summary>
    private static byte[] Pixels(Case known)
    {
        var pixels = new byte[known.Size[0] * known.Size[1]];
        var at = 0;
        for (var i = 0; i < known.Counts.Length; i++)
            for (var left = known.Counts[i]; left > 0; left--, at++)
                pixels[at % known.Size[0] * known.Size[1] + at / known.Size[0]] = (byte)(i % 2);
        return pixels;
    }

    [Theory]
    [InlineData("0`", "middle of a number")]
    [InlineData("0 0", "letter 2")]
    [InlineData("oooooooo0", "letter 8")]
    [InlineData("0O", "a run of -1 pixels")]
    [InlineData("0oooooo7", "a run of 8589934591 pixels")]
    public void Parse_DamagedText_IsRefused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImageException>(() => RunLengths.Parse(text)).Message);

    [Fact]
    public void FillPolygon_LongerOrFartherThanAnybodyDraws_IsRefusedAtOnce()
    {
        var canvas = new InstanceCanvas(10, 10);
        Assert.Contains("corner at 1E+308", Assert.Throws<ImageException>(() => canvas.FillPolygon([0, 0, 1e308, 0, 0, 1e308], 1)).Message);
        Assert.Contains("corner at NaN", Assert.Throws<ImageException>(() => canvas.FillPolygon([0, 0, double.NaN, 0, 0, 1], 1)).Message);
        double[] zigzag = [.. Enumerable.Range(0, 1_000_000).SelectMany(i => new[] { i % 2 * 1e6, 0.0 })];
        Assert.Contains("longer than", Assert.Throws<ImageException>(() => canvas.FillPolygon(zigzag, 1)).Message);
    }
}
