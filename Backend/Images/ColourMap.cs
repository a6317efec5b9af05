namespace Dashboard.Backend.Images;

/// <summary>A colour for every value 0..1, as a table of 256 RGB triples.</summary>
public sealed class ColourMap
{
    private readonly byte[] _table = new byte[3 * 256];

    private ColourMap(string name, Func<double, (double R, double G, double B)> colour)
    {
        Name = name;
        for (var i = 0; i < 256; i++)
        {
            var (r, g, b) = colour(i / 255.0);
            (_table[3 * i], _table[3 * i + 1], _table[3 * i + 2]) = (Level(r), Level(g), Level(b));
        }
    }

    /// <summary>Blue, cyan, yellow, red: matplotlib's segments of that name, as CAM papers print.</summary>
    public static ColourMap Jet { get; } = new("jet", x => (
        Segments(x, (0, 0), (0.35, 0), (0.66, 1), (0.89, 1), (1, 0.5)),
        Segments(x, (0, 0), (0.125, 0), (0.375, 1), (0.64, 1), (0.91, 0), (1, 0)),
        Segments(x, (0, 0.5), (0.11, 1), (0.34, 1), (0.65, 0), (1, 0))));

    /// <summary>
    /// A jet of even lightness steps: every 15th colour of A. Mikhailov's table (Google, 2019), linear in between, within 4 levels of it.
    /// </summary>
    public static ColourMap Turbo { get; } = new("turbo", x => Between(x,
    [
        0x30123B, 0x3F3E9C, 0x4666DD, 0x458CFD, 0x2FB2F4, 0x1AD4D0, 0x22EBAA, 0x52FA7A, 0x8BFF4B,
        0xB7F735, 0xDBE236, 0xF5C53A, 0xFEA130, 0xF9751D, 0xE84B0C, 0xCE2D04, 0xA91601, 0x7A0403,
    ]));

    /// <summary>Dark blue to yellow, readable in gray: M. Zucker's polynomial approximation of matplotlib's table, within 4 levels of it.</summary>
    public static ColourMap Viridis { get; } = new("viridis", x => (
        Polynomial(x, 0.2777273272234177, 0.1050930431085774, -0.3308618287255563, -4.634230498983486, 6.228269936347081, 4.776384997670288,
            -5.435455855934631),
        Polynomial(x, 0.005407344544966578, 1.404613529898575, 0.214847559468213, -5.799100973351585, 14.17993336680509, -13.74514537774601,
            4.645852612178535),
        Polynomial(x, 0.3340998053353061, 1.384590162594685, 0.09509516302823659, -19.33244095627987, 56.69055260068105, -65.35303263337234,
            26.3124352495832)));

    public static IReadOnlyList<ColourMap> All { get; } = [Jet, Turbo, Viridis];

    public string Name { get; }

    /// <summary>256 RGB triples.</summary>
    public ReadOnlySpan<byte> Table => _table;

    /// <param name="value">Clipped to 0..1; NaN is 0.</param>
    public (byte R, byte G, byte B) this[float value]
    {
        get
        {
            var i = 3 * (int)(255 * Math.Clamp(float.IsNaN(value) ? 0 : value, 0, 1) + 0.5f);
            return (_table[i], _table[i + 1], _table[i + 2]);
        }
    }

    /// <summary>A map as a picture, RGB.</summary>
    /// <param name="map"><c>[height, width]</c>, 0..1 (a CAM divided by its maximum).</param>
    /// <exception cref="ArgumentException">The map's size is another.</exception>
    public ImageBuffer Paint(ReadOnlySpan<float> map, int width, int height)
    {
        if (map.Length != width * height)
            throw new ArgumentException($"A map of {width}x{height} has {width * height} values, not {map.Length}.", nameof(map));
        var pixels = new byte[3 * map.Length];
        for (var i = 0; i < map.Length; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = this[map[i]];
        return new(width, height, 3, pixels);
    }

    private static byte Level(double value) => (byte)(255 * Math.Clamp(value, 0, 1) + 0.5);

    /// <summary>Linear between the given (position, value) pairs.</summary>
    private static double Segments(double x, params ReadOnlySpan<(double X, double Y)> points)
    {
        var i = 1;
        while (points[i].X < x)
            i++;
        var (from, to) = (points[i - 1], points[i]);
        return from.Y + (to.Y - from.Y) * (x - from.X) / (to.X - from.X);
    }

    /// <summary>Linear between evenly spaced colours 0xRRGGBB.</summary>
    private static (double R, double G, double B) Between(double x, ReadOnlySpan<int> colours)
    {
        var at = x * (colours.Length - 1);
        var from = Math.Min((int)at, colours.Length - 2);
        var (a, b, part) = (colours[from], colours[from + 1], at - from);
        return (Mix(a >> 16, b >> 16), Mix(a >> 8, b >> 8), Mix(a, b));

        double Mix(int low, int high) => ((low & 255) + ((high & 255) - (low & 255)) * part) / 255;
    }

    /// <summary>c0 + c1 x + c2 x^2 + ...</summary>
    private static double Polynomial(double x, params ReadOnlySpan<double> coefficients)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            sum = sum * x + coefficients[i];
        return sum;
    }
}
