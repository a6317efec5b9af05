namespace Dashboard.Backend.Images;

/// <summary>
/// Blue, green and red less their means, in levels of 0..255: what networks take that come from Caffe (DeepLab, PSA's VGG16). From RGB bytes to planes,
/// <c>[H, W, 3]</c> to <c>[3, H, W]</c>.
/// </summary>
public static class MeanSubtraction
{
    /// <summary>Of blue, green and red over ImageNet.</summary>
    public static IReadOnlyList<double> Mean { get; } = [104.008, 116.669, 122.675];

    /// <param name="image">Gray is taken as RGB, alpha dropped.</param>
    public static float[] ToPlanes(ImageBuffer image)
    {
        var rgb = image.ToRgb().Pixels;
        var pixels = rgb.Length / 3;
        var planes = new float[rgb.Length];
        for (var c = 0; c < 3; c++)
            for (var pixel = 0; pixel < pixels; pixel++)
                planes[c * pixels + pixel] = (float)(rgb[3 * pixel + 2 - c] - Mean[c]);
        return planes;
    }
}
