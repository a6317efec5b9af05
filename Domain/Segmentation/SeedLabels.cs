namespace Dashboard.Domain.Segmentation;

/// <summary>Label maps out of soft class activation maps.</summary>
public static class SeedLabels
{
    /// <summary>
    /// eval_cam's seed: a constant map of value <paramref name="threshold"/> stands before the class maps, the largest wins, the first among equals.
    /// The constant is float32, so a value that equals it is background.
    /// </summary>
    /// <param name="maps"><c>[classes, Height, Width]</c>, normalised to 0..1.</param>
    /// <param name="classes">The class of each map, 0-based.</param>
    public static LabelMap FromCam(ReadOnlySpan<float> maps, IReadOnlyList<int> classes, int width, int height, double threshold)
    {
        var pixels = width * height;
        var best = new float[pixels];
        var labels = new byte[pixels];
        Array.Fill(best, (float)threshold);
        for (var k = 0; k < classes.Count; k++)
        {
            var map = maps.Slice(k * pixels, pixels);
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                if (map[pixel] > best[pixel])
                    (best[pixel], labels[pixel]) = (map[pixel], (byte)(classes[k] + 1));
            }
        }

        return new(width, height, labels);
    }

    /// <summary>
    /// IRN's cam_to_ir_label: confident foreground keeps its class, confident background is 0, what is neither is ignored (255).
    /// </summary>
    /// <param name="foreground">Labels under the high threshold: what is foreground here is surely foreground.</param>
    /// <param name="background">Labels under the low threshold: what is background here is surely background.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static LabelMap CombineConfident(LabelMap foreground, LabelMap background)
    {
        if (foreground.Width != background.Width || foreground.Height != background.Height)
            throw new ArgumentException(
                $"The foreground labels are {foreground.Width}x{foreground.Height}, but the background labels are "
                + $"{background.Width}x{background.Height}.", nameof(background));
        var labels = new byte[foreground.Labels.Length];
        for (var pixel = 0; pixel < labels.Length; pixel++)
        {
            var (sure, possible) = (foreground.Labels[pixel], background.Labels[pixel]);
            labels[pixel] = sure != LabelMap.Background ? sure : possible == LabelMap.Background ? LabelMap.Background : LabelMap.Ignore;
        }

        return new(foreground.Width, foreground.Height, labels);
    }
}
