using Dashboard.Backend.Images;

namespace Dashboard.Bench;

/// <summary>
/// A picture the size and kind of a VOC photo, and a network's soft opinion of it: shaded regions with texture and sensor noise,
/// probabilities that are right about the regions but blurred and noisy.
/// </summary>
internal sealed class MadeScene
{
    public MadeScene(int width, int height, int labels)
    {
        var random = new Random(1);
        var regions = Enumerable.Range(0, 12).Select(i => (
            X: random.NextDouble() * width, Y: random.NextDouble() * height,
            Rx: width * (0.08 + 0.15 * random.NextDouble()), Ry: height * (0.08 + 0.15 * random.NextDouble()),
            Colour: new[] { random.Next(30, 220), random.Next(30, 220), random.Next(30, 220) }, Label: i % labels)).ToArray();
        var texture = new double[7, 9];
        for (var i = 0; i < texture.Length; i++)
            texture[i / 9, i % 9] = random.NextDouble() - 0.5;

        var pixels = new byte[width * height * 3];
        Probabilities = new float[labels * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (colour, label, edge) = ((int[])[120, 140, 100], 0, 1.0);
                foreach (var region in regions)
                {
                    var distance = Math.Sqrt(Math.Pow((x - region.X) / region.Rx, 2) + Math.Pow((y - region.Y) / region.Ry, 2));
                    if (distance < 1)
                        (colour, label) = (region.Colour, region.Label);
                    edge = Math.Min(edge, Math.Abs(1 - distance) * 4);
                }

                var at = y * width + x;
                var shade = 1.15 - 0.3 * y / height + 0.25 * Math.Sin(x / 23.0) * Math.Cos(y / 31.0) * texture[y / 9 % 7, x / 11 % 9];
                for (var channel = 0; channel < 3; channel++)
                    pixels[3 * at + channel] =
                        (byte)Math.Clamp(colour[channel] * shade + 6 * (random.NextDouble() + random.NextDouble() - 1), 0, 255);

                var sum = 0.0;
                var scores = new double[labels];
                for (var l = 0; l < labels; l++)
                    sum += scores[l] = Math.Exp((l == label ? 1 + 3 * edge : 0) + random.NextDouble());
                for (var l = 0; l < labels; l++)
                    Probabilities[l * width * height + at] = (float)(scores[l] / sum);
            }
        }

        Image = new(width, height, 3, pixels);
    }

    public ImageBuffer Image { get; }

    /// <summary><c>[labels, Height, Width]</c>.</summary>
    public float[] Probabilities { get; }
}
