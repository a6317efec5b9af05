using System.Numerics;
using static Dashboard.Backend.Datasets.Cooccurrence.Shapes;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>The colour of an object at (u, v), which is the pixel with index <paramref name="pixel"/> of the canvas.</summary>
internal delegate Vector3 ObjectPaint(float u, float v, int pixel);

/// <summary>One shape of an object. Later layers cover earlier ones.</summary>
/// <param name="IsPart">True for the discriminative part, which alone tells the class; bodies differ by texture of low contrast only.</param>
internal sealed record ObjectLayer(Shape Shape, ObjectPaint Paint, bool IsPart);

/// <summary>
/// The eight objects. Each is a plain body (about 80 % of its pixels), whose colour says nothing about the class, and one or two small, saturated
/// parts (about 20 %), on which a classifier's CAM settles.
/// </summary>
internal static class ObjectLayers
{
    /// <param name="body">The body's colour before shading.</param>
    /// <param name="fleece">A fine random field over the canvas, for the sheep.</param>
    public static ObjectLayer[] Make(int objectClass, Vector3 body, float[] fleece) => WorldClasses.Objects.Names[objectClass] switch
    {
        "train" => Train(body),
        "boat" => Boat(body),
        "plane" => Plane(body),
        "sheep" => Sheep(body, fleece),
        "car" => Car(body),
        "camel" => Camel(body),
        "bird" => Bird(body),
        "penguin" => Penguin(body),
        var other => throw new ArgumentOutOfRangeException(nameof(objectClass), other, "There is no such class."),
    };

    private static ObjectLayer[] Train(Vector3 color)
    {
        var body = Textured(color, 0.45f, (u, v, _) => Stripes(u * 6, 0.14f));
        var windows = Box(-0.95f, -0.26f, 0.60f, -0.04f);
        return
        [
            Body(Box(-1, 0.26f, 0.95f, 0.40f), Plain(0.12f, 0.12f, 0.13f)),
            Body(Box(-1, -0.38f, 0.66f, 0.30f), body),
            Body((u, v) => windows(u, v) && Stripes((u + 1) * 3.2f, 0.62f) > 0, Plain(0.16f, 0.22f, 0.28f)),
            Part(
                Polygon(new(0.62f, -0.38f), new(0.82f, -0.36f), new(1.02f, 0.05f), new(1.02f, 0.32f), new(0.62f, 0.32f)),
                Striped((u, v) => (u + v) * 5.5f, new(0.95f, 0.80f, 0.08f), new(0.08f, 0.08f, 0.08f))),
        ];
    }

    private static ObjectLayer[] Boat(Vector3 color)
    {
        var body = Textured(color, 0.45f, (u, v, _) => Stripes(v * 11, 0.25f));
        return
        [
            Body(Polygon(new(-1, 0.12f), new(1, 0.12f), new(0.68f, 0.52f), new(-0.68f, 0.52f)), body),
            Body(Box(-0.55f, -0.12f, -0.1f, 0.13f), Darker(body, 0.85f)),
            Body(Box(0, -0.85f, 0.05f, 0.13f), Plain(0.35f, 0.22f, 0.10f)),
            Part(
                Polygon(new(0.07f, -0.82f), new(0.07f, 0.06f), new(0.75f, 0.06f)),
                Striped((u, v) => v * 4.2f, new(0.96f, 0.96f, 0.94f), new(0.86f, 0.16f, 0.22f))),
        ];
    }

    private static ObjectLayer[] Plane(Vector3 color)
    {
        var body = Textured(color, 0.75f, (u, v, _) => MathF.Abs(v + 0.04f) < 0.05f ? Stripes(u * 9, 0.35f) : 0);
        return
        [
            Body(Polygon(new(-0.10f, 0.02f), new(0.22f, 0.02f), new(-0.12f, 0.52f), new(-0.34f, 0.52f)), Darker(body, 0.8f)),
            Body(Polygon(new(-0.10f, -0.05f), new(0.12f, -0.05f), new(-0.16f, -0.40f), new(-0.30f, -0.40f)), Darker(body, 0.72f)),
            Body(Ellipse(0, 0, 1, 0.19f), body),
            Part(
                Polygon(new(-0.98f, -0.48f), new(-0.74f, -0.48f), new(-0.52f, -0.06f), new(-0.90f, -0.02f)),
                Striped((u, v) => (u - v) * 5, new(0.10f, 0.25f, 0.75f), new(0.95f, 0.55f, 0.10f))),
            Part(Ellipse(0.02f, 0.22f, 0.17f, 0.10f), Plain(0.85f, 0.20f, 0.20f)),
        ];
    }

    private static ObjectLayer[] Sheep(Vector3 color, float[] fleece)
    {
        var body = Textured(color, 0.30f, (_, _, pixel) => fleece[pixel] > 0.55f ? 1 : 0);
        return
        [
            .. Legs([-0.6f, -0.3f, 0.15f, 0.4f], 0.11f, 0.2f, 0.68f, color * 0.5f),
            Body(Ellipse(-0.1f, -0.02f, 0.78f, 0.44f), body),
            Part(Ellipse(0.50f, -0.24f, 0.12f, 0.20f), Plain(0.30f, 0.26f, 0.25f)),
            Part(Ellipse(0.76f, -0.20f, 0.24f, 0.21f), Plain(0.10f, 0.09f, 0.09f)),
            Part(Ellipse(0.82f, -0.26f, 0.07f, 0.06f), Plain(0.98f, 0.98f, 0.90f)),
        ];
    }

    private static ObjectLayer[] Car(Vector3 color)
    {
        var body = Textured(color, 0.35f, (u, v, _) => 0.5f + 0.5f * MathF.Sin(v * 9));
        var windows = Polygon(new(-0.44f, 0), new(-0.30f, -0.29f), new(0.25f, -0.29f), new(0.46f, 0));
        var hull = Box(-0.95f, -0.02f, 0.95f, 0.34f);
        return
        [
            Body(Polygon(new(-0.55f, 0.02f), new(-0.36f, -0.36f), new(0.30f, -0.36f), new(0.58f, 0.02f)), body),
            Body((u, v) => windows(u, v) && MathF.Abs(u) > 0.04f, Plain(0.20f, 0.27f, 0.33f)),
            Body((u, v) => hull(u, v) && MathF.Abs(u) + 0.5f * MathF.Abs(v - 0.16f) < 1, body),
            Part(Ellipse(-0.55f, 0.34f, 0.23f, 0.23f), Plain(0.05f, 0.05f, 0.05f)),
            Part(Ellipse(-0.55f, 0.34f, 0.11f, 0.11f), Plain(0.85f, 0.85f, 0.87f)),
            Part(Ellipse(0.55f, 0.34f, 0.23f, 0.23f), Plain(0.05f, 0.05f, 0.05f)),
            Part(Ellipse(0.55f, 0.34f, 0.11f, 0.11f), Plain(0.85f, 0.85f, 0.87f)),
            Part(Ellipse(0.88f, 0.12f, 0.08f, 0.08f), Plain(1, 0.95f, 0.55f)),
        ];
    }

    private static ObjectLayer[] Camel(Vector3 color)
    {
        var body = Textured(color, 0.25f, (u, v, _) => Stripes(v * 3 + u * 1.5f + 0.15f * MathF.Sin(u * 8), 0.35f));
        var hump = Ellipse(-0.12f, -0.24f, 0.30f, 0.30f);
        return
        [
            .. Legs([-0.55f, -0.35f, 0.2f, 0.4f], 0.10f, 0.1f, 0.78f, color * 0.75f),
            Body(Polygon(new(0.40f, 0), new(0.60f, 0.15f), new(0.86f, -0.50f), new(0.72f, -0.55f)), body),
            Body(Ellipse(0, 0.03f, 0.66f, 0.28f), body),
            Body(Ellipse(0.86f, -0.52f, 0.20f, 0.12f), body),
            Part((u, v) => hump(u, v) && v < 0.02f, Striped((u, v) => u * 5.5f, new(0.75f, 0.10f, 0.35f), new(0.10f, 0.62f, 0.60f))),
        ];
    }

    private static ObjectLayer[] Bird(Vector3 color)
    {
        var body = Textured(color, 0.35f, (u, v, _) => Stripes(MathF.Sqrt((u + 0.3f) * (u + 0.3f) + v * v) * 7, 0.4f));
        return
        [
            .. Legs([-0.1f, 0.1f], 0.05f, 0.3f, 0.68f, new(0.75f, 0.45f, 0.1f)),
            Body(Polygon(new(-1, 0.16f), new(-0.92f, -0.06f), new(-0.4f, -0.10f), new(-0.4f, 0.22f)), Darker(body, 0.8f)),
            Body(Ellipse(-0.05f, 0.05f, 0.62f, 0.34f), body),
            Part(Ellipse(0.52f, -0.28f, 0.27f, 0.25f), Plain(0.20f, 0.65f, 0.85f)),
            Part(Polygon(new(0.72f, -0.38f), new(1.05f, -0.22f), new(0.72f, -0.16f)), Plain(1, 0.55f, 0.05f)),
            Part(Ellipse(0.60f, -0.33f, 0.06f, 0.06f), Plain(0.02f, 0.02f, 0.02f)),
        ];
    }

    private static ObjectLayer[] Penguin(Vector3 color)
    {
        var body = Textured(color, 0.35f, (u, v, _) => Stripes(u * 4 + 0.5f, 0.3f));
        return
        [
            Body(Ellipse(-0.22f, 0.86f, 0.18f, 0.07f), Plain(0.95f, 0.6f, 0.1f)),
            Body(Ellipse(0.22f, 0.86f, 0.18f, 0.07f), Plain(0.95f, 0.6f, 0.1f)),
            Body(Ellipse(-0.40f, 0.18f, 0.12f, 0.45f), Darker(body, 0.8f)),
            Body(Ellipse(0.40f, 0.18f, 0.12f, 0.45f), Darker(body, 0.8f)),
            Body(Ellipse(0, 0.12f, 0.42f, 0.74f), body),
            Body(Ellipse(0, -0.62f, 0.29f, 0.26f), body),
            Part(Ellipse(0, -0.42f, 0.17f, 0.10f), Plain(1, 0.72f, 0.05f)),
            Part(Polygon(new(-0.10f, -0.66f), new(0.10f, -0.66f), new(0, -0.50f)), Plain(1, 0.45f, 0.05f)),
            Part(Ellipse(-0.12f, -0.70f, 0.06f, 0.06f), Plain(1, 1, 1)),
            Part(Ellipse(0.12f, -0.70f, 0.06f, 0.06f), Plain(1, 1, 1)),
        ];
    }

    private static ObjectLayer Body(Shape shape, ObjectPaint paint) => new(shape, paint, IsPart: false);

    private static ObjectLayer Part(Shape shape, ObjectPaint paint) => new(shape, paint, IsPart: true);

    private static IEnumerable<ObjectLayer> Legs(IEnumerable<float> lefts, float width, float top, float bottom, Vector3 color) =>
        lefts.Select(left => Body(Box(left, top, left + width, bottom), (_, _, _) => color));

    private static ObjectPaint Plain(float red, float green, float blue) => (_, _, _) => new(red, green, blue);

    private static ObjectPaint Striped(Func<float, float, float> along, Vector3 first, Vector3 second) =>
        (u, v, _) => Stripes(along(u, v), 0.5f) > 0 ? first : second;

    private static ObjectPaint Darker(ObjectPaint paint, float factor) => (u, v, pixel) => paint(u, v, pixel) * factor;

    /// <summary>A body: darker towards its lower side, with a texture (0..1) that darkens it by up to <paramref name="amplitude"/>.</summary>
    private static ObjectPaint Textured(Vector3 color, float amplitude, Func<float, float, int, float> texture) => (u, v, pixel) =>
    {
        var shade = 1 - 0.22f * Math.Clamp(v + 0.3f, 0, 1);
        return Vector3.Clamp(color * shade * (1 - amplitude * texture(u, v, pixel)), Vector3.Zero, Vector3.One);
    };

    /// <summary>1 on the first <paramref name="share"/> of every unit interval, else 0.</summary>
    private static float Stripes(float position, float share) => position - MathF.Floor(position) < share ? 1 : 0;
}
