using System.Numerics;
using Dashboard.Backend.Datasets.Loading;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>
/// The eight textures. Each is a function from pixel to colour, made once an image. Lengths in pixels are those of an image of 96 pixels,
/// multiplied by <c>unit</c> = size / 96; X and Y are pixel centres in 0..1.
/// </summary>
internal static class StuffTextures
{
    /// <summary>The colour at column x, row y.</summary>
    public delegate Vector3 Texture(int x, int y);

    /// <param name="stuff">The stuff of class k.</param>
    /// <param name="horizon">Where the region begins, as a share of the height: perspective runs towards it.</param>
    public static Texture Make(int stuff, RandomStream random, int size, float horizon) => WorldClasses.Stuff[stuff] switch
    {
        "railway" => Railway(random, size, horizon),
        "water" => Water(random, size),
        "sky" => Sky(random, size),
        "grass" => Grass(random, size),
        "road" => Road(random, size, horizon),
        "sand" => Sand(random, size),
        "forest" => Forest(random, size),
        "snow" => Snow(random, size),
        var other => throw new ArgumentOutOfRangeException(nameof(stuff), other, "There is no such stuff."),
    };

    private static Texture Railway(RandomStream random, int size, float horizon)
    {
        var unit = size / 96f;
        var gravel = ValueNoise.Sum(ValueNoise.Field(random, size, 2 * unit), 0.7f, ValueNoise.Field(random, size, 6 * unit), 0.3f);
        var middle = random.Uniform(0.3f, 0.7f);
        var phase = random.Uniform();
        return (x, y) =>
        {
            var depth = Depth(y, size, horizon);
            var width = 0.06f + 0.42f * depth;
            var distance = MathF.Abs(Centre(x, size) - middle);
            if (MathF.Abs(distance - width * 0.72f) < 0.012f + 0.022f * depth)
                return new(0.80f, 0.80f, 0.84f);
            var color = Vector3.Lerp(new(0.36f, 0.32f, 0.29f), new(0.62f, 0.58f, 0.53f), gravel[y * size + x]);
            var isSleeper = Fraction(6 * MathF.Sqrt(depth) + phase) < 0.40f && distance < width * 1.15f;
            return isSleeper ? color * 0.25f + new Vector3(0.22f, 0.14f, 0.08f) * 0.75f : color;
        };
    }

    private static Texture Water(RandomStream random, int size)
    {
        var unit = size / 96f;
        var noise = ValueNoise.Field(random, size, 14 * unit, 24 * unit);
        var phase = random.Uniform() * 6;
        var frequency = random.Uniform(0.9f, 1.2f) * 96;
        return (x, y) =>
        {
            var n = noise[y * size + x];
            var ripple = 0.5f + 0.5f * MathF.Sin(Centre(y, size) * frequency + n * 7 + phase);
            return Vector3.Lerp(new(0.05f, 0.28f, 0.42f), new(0.35f, 0.62f, 0.72f), Math.Clamp(ripple * 0.6f + n * 0.4f, 0, 1));
        };
    }

    private static Texture Sky(RandomStream random, int size)
    {
        var unit = size / 96f;
        var clouds =
            ValueNoise.Sum(ValueNoise.Field(random, size, 26 * unit, 34 * unit), 0.7f, ValueNoise.Field(random, size, 9 * unit, 12 * unit), 0.3f);
        return (x, y) => Vector3.Lerp(new(0.36f, 0.60f, 0.92f), new(0.97f, 0.98f, 1), Math.Clamp((clouds[y * size + x] - 0.42f) * 3.2f, 0, 1));
    }

    private static Texture Grass(RandomStream random, int size)
    {
        var unit = size / 96f;
        var blades = ValueNoise.Sum(ValueNoise.Field(random, size, 7 * unit, 1.6f * unit), 0.6f, ValueNoise.Field(random, size, 16 * unit), 0.4f);
        return (x, y) => Vector3.Lerp(new(0.16f, 0.42f, 0.08f), new(0.50f, 0.74f, 0.22f), blades[y * size + x]);
    }

    private static Texture Road(RandomStream random, int size, float horizon)
    {
        var asphalt = ValueNoise.Field(random, size, 1.5f * size / 96f);
        var middle = random.Uniform(0.3f, 0.7f);
        var phase = random.Uniform();
        return (x, y) =>
        {
            var depth = Depth(y, size, horizon);
            var distance = MathF.Abs(Centre(x, size) - middle);
            if (MathF.Abs(distance - (0.08f + 0.46f * depth)) < 0.006f + 0.012f * depth)
                return new(0.93f, 0.85f, 0.25f);
            if (distance < 0.010f + 0.03f * depth && Fraction(4 * MathF.Sqrt(depth) + phase) < 0.55f)
                return new(0.95f, 0.93f, 0.80f);
            return Vector3.Lerp(new(0.20f, 0.20f, 0.22f), new(0.33f, 0.33f, 0.35f), asphalt[y * size + x]);
        };
    }

    private static Texture Sand(RandomStream random, int size)
    {
        var noise = ValueNoise.Field(random, size, 20 * size / 96f);
        var slant = random.Uniform(0.3f, 0.7f);
        return (x, y) =>
        {
            var n = noise[y * size + x];
            var ripple = 0.5f + 0.5f * MathF.Sin((Centre(x, size) * slant + Centre(y, size)) * 96 * 0.55f + n * 9);
            return Vector3.Lerp(new(0.70f, 0.53f, 0.28f), new(0.95f, 0.82f, 0.55f), 0.5f * ripple + 0.5f * n);
        };
    }

    private static Texture Forest(RandomStream random, int size)
    {
        var unit = size / 96f;
        var leaves = ValueNoise.Sum(ValueNoise.Field(random, size, 4.5f * unit), 0.6f, ValueNoise.Field(random, size, 2 * unit), 0.4f);
        var trunks = new (float Middle, float HalfWidth)[random.Integer(2, 4)];
        foreach (ref var trunk in trunks.AsSpan())
            trunk = (random.Uniform(), random.Uniform(0.012f, 0.03f));
        return (x, y) =>
        {
            var color = Vector3.Lerp(new(0.03f, 0.14f, 0.04f), new(0.22f, 0.46f, 0.14f), Math.Clamp((leaves[y * size + x] - 0.3f) * 2.2f, 0, 1));
            foreach (var (middle, halfWidth) in trunks)
            {
                if (MathF.Abs(Centre(x, size) - middle) < halfWidth)
                    color = color * 0.3f + new Vector3(0.25f, 0.17f, 0.09f) * 0.7f;
            }
            return color;
        };
    }

    private static Texture Snow(RandomStream random, int size)
    {
        var unit = size / 96f;
        var drifts = ValueNoise.Field(random, size, 18 * unit, 30 * unit);
        var sparkle = ValueNoise.Field(random, size, 1.4f * unit);
        return (x, y) => sparkle[y * size + x] > 0.90f
            ? Vector3.One
            : Vector3.Lerp(new(0.74f, 0.81f, 0.92f), new(0.97f, 0.98f, 1), drifts[y * size + x]);
    }

    private static float Centre(int pixel, int size) => (pixel + 0.5f) / size;

    /// <summary>0 at the horizon, 1 at the lower edge.</summary>
    private static float Depth(int y, int size, float horizon) => Math.Clamp((Centre(y, size) - horizon) / (1.001f - horizon), 0, 1);

    private static float Fraction(float value) => value - MathF.Floor(value);
}
