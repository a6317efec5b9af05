using System.Globalization;
using Dashboard.Domain.Datasets;

namespace Dashboard.Tests.Datasets;

/// <summary>The colours that classes have on the pages.</summary>
public sealed class ClassColoursTests
{
    private static readonly string[] Voc =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog", "horse", "motorbike", "person",
        "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    [Theory]
    [InlineData("aeroplane", "plane")]
    [InlineData("aeroplane", "Airplane")]
    [InlineData("diningtable", "dining table")]
    [InlineData("pottedplant", "potted-plant")]
    [InlineData("tvmonitor", "TV monitor")]
    [InlineData("sofa", "couch")]
    public void Of_AnotherNameOfTheSame_IsTheSameColour(string name, string other) => Assert.Equal(ClassColours.Of(name), ClassColours.Of(other));

    /// <summary>A list in another order, with other classes, changes no colour; and no process has its own.</summary>
    [Fact]
    public void Palette_OfAnyList_GivesANameItsColour()
    {
        var palette = ClassColours.Palette(["background", "lighthouse", "boat"]);

        Assert.Equal([0, 0, 0], palette[..3]);
        Assert.Equal(new byte[] { 0xE1, 0xF4, 0x24 }, palette[6..9]);
        Assert.Equal(palette[3..6], ClassColours.Palette(["background", "lighthouse"])[3..6]);
        Assert.Equal("#4c53ec", ClassColours.Css("sheep"));
        Assert.Equal(ClassColours.Css("lighthouse"), ClassColours.Css("Lighthouse"));
        Assert.NotEqual(ClassColours.Css("lighthouse"), ClassColours.Css("windmill"));
    }

    /// <summary>
    /// Distances in CIELAB (CIE76) of any two of VOC's classes, as they are seen with ordinary sight, by protanopes and by deuteranopes.
    /// </summary>
    [Theory]
    [InlineData(21, "1 0 0  0 1 0  0 0 1")]
    [InlineData(14.9, "0.152286 1.052583 -0.204868  0.114503 0.786281 0.099216  -0.003882 -0.048116 1.051998")]
    [InlineData(14.9, "0.367322 0.860646 -0.227968  0.280085 0.672501 0.047413  -0.011820 0.042940 0.968881")]
    public void Of_VocsClasses_CanBeToldApartForAllKindsOfSight(double least, string sight)
    {
        double[] matrix = [.. sight.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        var seen = Voc.Select(name => Lab(ClassColours.Of(name), matrix)).ToList();
        var closest = from a in Enumerable.Range(0, Voc.Length)
            from b in Enumerable.Range(0, a)
            let distance = Math.Sqrt(seen[a].Zip(seen[b], (x, y) => (x - y) * (x - y)).Sum())
            where distance < least
            select $"{Voc[a]} and {Voc[b]}: {distance:0.0}";
        Assert.Empty(closest);
    }

    /// <param name="sight">Machado, Oliveira and Fernandes 2009, severity 1: a matrix over linear RGB.</param>
    private static double[] Lab((byte R, byte G, byte B) colour, double[] sight)
    {
        double[] linear = [.. new[] { colour.R, colour.G, colour.B }.Select(channel =>
            channel / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))];
        double[] rgb = [.. Enumerable.Range(0, 3).Select(row => Math.Clamp(Enumerable.Range(0, 3).Sum(i => sight[3 * row + i] * linear[i]), 0, 1))];
        var x = F((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.95047);
        var y = F(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
        var z = F((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.08883);
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
        static double F(double t) => t > 0.008856 ? Math.Cbrt(t) : 7.787 * t + 16.0 / 116;
    }
}
