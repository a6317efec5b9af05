using System.Numerics;
using Dashboard.Backend.Datasets.Loading;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>Draws a scene in painter's order: backdrop, stuff, objects, then brightness and sensor noise.</summary>
internal static class ScenePainter
{
    private static readonly (string Word, Vector3 Color)[] Paints =
    [
        ("red", new(0.80f, 0.15f, 0.12f)), ("blue", new(0.15f, 0.30f, 0.80f)), ("yellow", new(0.90f, 0.78f, 0.15f)),
        ("green", new(0.12f, 0.55f, 0.25f)),
        ("white", new(0.92f, 0.92f, 0.92f)), ("gray", new(0.5f, 0.5f, 0.52f)), ("orange", new(0.92f, 0.5f, 0.1f)), ("purple", new(0.5f, 0.2f, 0.6f)),
    ];

    private static readonly (string Word, Vector3 Color)[] Furs =
    [
        ("white", new(0.90f, 0.88f, 0.84f)), ("brown", new(0.45f, 0.28f, 0.16f)), ("gray", new(0.55f, 0.54f, 0.52f)),
        ("tan", new(0.76f, 0.60f, 0.40f)),
        ("black", new(0.14f, 0.13f, 0.13f)),
    ];

    public static Canvas Paint(Scene scene, RandomStream random, int size)
    {
        var canvas = new Canvas(size);
        Backdrop.Paint(canvas, random, isolated: scene.Stuff == WorldClasses.NoStuff);
        if (scene.Stuff != WorldClasses.NoStuff)
            PaintStuff(canvas, scene.Stuff, random);
        for (var i = 0; i < scene.Objects.Count; i++)
            PaintObject(canvas, scene, i, random);
        Expose(canvas, random);
        return canvas;
    }

    /// <summary>Fills the image below the horizon (above it for sky), or all of it for 30 % of the images and most forests.</summary>
    private static void PaintStuff(Canvas canvas, int stuff, RandomStream random)
    {
        var size = canvas.Size;
        var name = WorldClasses.Stuff[stuff];
        var fillsFrame = random.Chance(0.3) || (name == "forest" && random.Chance(0.6));
        var horizon = fillsFrame ? 0 : random.Uniform(0.25f, 0.55f);
        var texture = StuffTextures.Make(stuff, random, size, horizon);
        var roughness = ValueNoise.Field(random, size, 18 * size / 96f);
        for (var y = 0; y < size; y++)
        {
            var height = (y + 0.5f) / size;
            for (var x = 0; x < size; x++)
            {
                var i = y * size + x;
                var covered = fillsFrame
                    || (name == "sky"
                        ? height < 1 - horizon * 0.8f + 0.05f * (roughness[i] - 0.5f)
                        : height >= horizon + 0.06f * (roughness[i] - 0.5f));
                if (!covered)
                    continue;
                canvas.Colors[i] = texture(x, y);
                canvas.Stuff[i] = (byte)(stuff + 1);
            }
        }
    }

    private static void PaintObject(Canvas canvas, Scene scene, int index, RandomStream random)
    {
        var objectClass = scene.Objects[index];
        var name = WorldClasses.Objects.Names[objectClass];
        var isAlone = scene.Objects.Count == 1;

        var scale = random.Uniform(scene.ScaleMin, scene.ScaleMax) * (isAlone ? 1 : 0.72f) * (name == "penguin" ? 0.95f : 1);
        // Spread wide: with centred objects a Gaussian in the middle of the image beats the CAM baseline.
        var centreX = isAlone ? random.Uniform(0.18f, 0.82f) : (index == 0 ? 0.27f : 0.73f) + random.Uniform(-0.05f, 0.05f);
        var centreY = name is "plane" or "bird" ? random.Uniform(0.18f, 0.72f) : random.Uniform(0.30f, 0.78f);
        centreX += random.Uniform(-scene.Shift, scene.Shift);
        centreY += random.Uniform(-scene.Shift, scene.Shift) * 0.6f;
        var tilt = name == "plane" ? 22 : 10;
        var angle = random.Uniform(-tilt, tilt) * MathF.PI / 180;
        var mirror = random.Chance(0.5) ? -1 : 1;
        var halfWidth = scale * random.Uniform(0.88f, 1.12f);
        var halfHeight = scale * random.Uniform(0.88f, 1.12f);

        var (word, color) = random.Pick(name is "train" or "boat" or "plane" or "car" ? Paints : Furs);
        canvas.ColorWords.Add(word);
        color = Vector3.Clamp(color + Backdrop.Jittered(0, 0.06f, random), Vector3.Zero, Vector3.One);
        var fleece = name == "sheep" ? ValueNoise.Field(random, canvas.Size, MathF.Max(1.2f, 0.10f * scale * canvas.Size)) : [];
        var layers = ObjectLayers.Make(objectClass, color, fleece);

        var (sine, cosine) = MathF.SinCos(angle);
        // No layer leaves -1.06..1.06, so nothing is drawn further out than the turned box of that size.
        const float Extent = 1.06f;
        var reachX = Extent * (MathF.Abs(cosine) * halfWidth + MathF.Abs(sine) * halfHeight);
        var reachY = Extent * (MathF.Abs(sine) * halfWidth + MathF.Abs(cosine) * halfHeight);
        var (left, right) = Pixels(centreX, reachX, canvas.Size);
        var (top, bottom) = Pixels(centreY, reachY, canvas.Size);
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                var dx = (x + 0.5f) / canvas.Size - centreX;
                var dy = (y + 0.5f) / canvas.Size - centreY;
                var u = mirror * (dx * cosine + dy * sine) / halfWidth;
                var v = (dy * cosine - dx * sine) / halfHeight;
                PaintPixel(canvas, y * canvas.Size + x, u, v, layers, objectClass);
            }
        }
    }

    private static (int From, int To) Pixels(float centre, float reach, int size) =>
        (Math.Clamp((int)MathF.Floor((centre - reach) * size), 0, size), Math.Clamp((int)MathF.Ceiling((centre + reach) * size), 0, size));

    /// <summary>The topmost layer at (u, v) decides.</summary>
    private static void PaintPixel(Canvas canvas, int pixel, float u, float v, ObjectLayer[] layers, int objectClass)
    {
        for (var top = layers.Length - 1; top >= 0; top--)
        {
            var layer = layers[top];
            if (!layer.Shape(u, v))
                continue;
            canvas.Colors[pixel] = layer.Paint(u, v, pixel);
            canvas.Labels[pixel] = (byte)(objectClass + 1);
            canvas.Parts[pixel] = layer.IsPart ? (byte)1 : (byte)0;
            canvas.Stuff[pixel] = 0;
            return;
        }
    }

    private static void Expose(Canvas canvas, RandomStream random)
    {
        var gain = random.Uniform(0.85f, 1.12f);
        var noise = new float[canvas.Colors.Length];
        random.AddNoise(noise, 0.02f);
        for (var i = 0; i < noise.Length; i++)
            canvas.Colors[i] = canvas.Colors[i] * gain + new Vector3(noise[i]);
    }
}
