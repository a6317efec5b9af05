using System.Numerics;
using Dashboard.Backend.Datasets.Loading;

namespace Dashboard.Backend.Datasets.Cooccurrence;

/// <summary>What lies behind everything: a muted gradient that belongs to no class, or a flat studio colour.</summary>
internal static class Backdrop
{
    public static void Paint(Canvas canvas, RandomStream random, bool isolated)
    {
        if (isolated && random.Chance(0.5))
            canvas.Colors.AsSpan().Fill(Vector3.Clamp(Jittered(random.Uniform(0.2f, 0.95f), 0.06f, random), Vector3.Zero, Vector3.One));
        else
            PaintGradient(canvas, random);
    }

    private static void PaintGradient(Canvas canvas, RandomStream random)
    {
        var size = canvas.Size;
        var from = Jittered(random.Uniform(0.25f, 0.85f), 0.08f, random);
        var to = from + Jittered(0, 0.15f, random);
        (from, to) = (Vector3.Clamp(from, Vector3.Zero, Vector3.One), Vector3.Clamp(to, Vector3.Zero, Vector3.One));
        var noise = ValueNoise.Field(random, size, random.Uniform(8, 30) * size / 96);
        var slope = random.Uniform(-0.6f, 0.6f);
        for (var i = 0; i < canvas.Colors.Length; i++)
        {
            var y = (i / size + 0.5f) / size;
            var t = Math.Clamp(y * slope + 0.5f * noise[i] + 0.2f, 0, 1);
            canvas.Colors[i] = Vector3.Clamp(Vector3.Lerp(from, to, t) + new Vector3((random.Uniform() - 0.5f) * 0.05f), Vector3.Zero, Vector3.One);
        }
    }

    /// <summary>A colour whose channels lie within <paramref name="amount"/> of a gray.</summary>
    public static Vector3 Jittered(float gray, float amount, RandomStream random) =>
        new(gray + random.Uniform(-amount, amount), gray + random.Uniform(-amount, amount), gray + random.Uniform(-amount, amount));
}
