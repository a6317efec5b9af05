using System.Globalization;
using Dashboard.Backend.Images;
using Dashboard.Tests.Datasets;
using Dashboard.Tests.Datasets.Coco;

namespace Dashboard.Tests.EndToEnd;

/// <summary>A data set with COCO's annotations whose images show what the annotations outline: round balls and square boxes on a meadow.</summary>
internal static class PaintedCoco
{
    private const int Corners = 24;

    /// <param name="images">Of the training split; a fourth as many are in val.</param>
    public static void Write(TempFolder folder, int images)
    {
        Write(folder, "train2017", images, seed: 1);
        Write(folder, "val2017", Math.Max(1, images / 4), seed: 2);
    }

    private static void Write(TempFolder folder, string split, int images, int seed)
    {
        var random = new Random(seed);
        var coco = new SmallCoco().Category(1, "ball", "toy").Category(4, "box", "toy").Category(9, "kite", "toy");
        for (var i = 0; i < images; i++)
        {
            var (width, height) = i % 3 == 0 ? (180, 240) : (320, 240);
            var file = $"{i:000000000000}.jpg";
            coco.Image(i, file, width, height);
            var pixels = new byte[3 * width * height];
            for (var at = 0; at < pixels.Length; at += 3)
                (pixels[at], pixels[at + 1], pixels[at + 2]) =
                    ((byte)(80 + at / 3 / width / 4), (byte)(150 - at / 3 / width / 5), (byte)(70 + random.Next(20)));
            for (var k = 0; k < 2; k++)
            {
                var (x, y, side, isBall) = (random.Next(20, width - 90), random.Next(20, height - 90), random.Next(40, 80), random.Next(2) == 0);
                Paint(pixels, width, x, y, side, isBall);
                coco.Annotation(i, isBall ? 1 : 4, isBall ? Circle(x, y, side) : SmallCoco.Box(x, y, side, side),
                    area: isBall ? 0.78 * side * side : side * side);
            }
            Directory.CreateDirectory(folder.File(split));
            ImageFile.WriteJpeg(folder.File(split, file), new(width, height, 3, pixels), 90);
        }
        folder.Write($"annotations/instances_{split}.json", coco.Json);
    }

    private static void Paint(byte[] pixels, int width, int left, int top, int side, bool isBall)
    {
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var (u, v) = (2.0 * x / side - 1, 2.0 * y / side - 1);
                if (isBall && u * u + v * v > 1)
                    continue;
                var at = 3 * ((top + y) * width + left + x);
                var light = (byte)(200 - 60 * Math.Abs(u));
                (pixels[at], pixels[at + 1], pixels[at + 2]) = isBall ? (light, (byte)60, (byte)50) : ((byte)90, (byte)80, light);
            }
    }

    private static string Circle(int left, int top, int side) => $"[[{string.Join(',', Enumerable.Range(0, Corners).SelectMany(i => new[]
    {
        left + side / 2.0 * (1 + Math.Cos(2 * Math.PI * i / Corners)),
        top + side / 2.0 * (1 + Math.Sin(2 * Math.PI * i / Corners)),
    }).Select(value => value.ToString("0.##", CultureInfo.InvariantCulture)))}]]";
}
