namespace Dashboard.Backend.Images;

/// <summary>
/// What a network makes of a pixel: its levels of 0..255 less a mean, by a deviation, in an order of channels. From RGB bytes to planes, <c>[H, W,
/// 3]</c> to <c>[3, H, W]</c>.
/// </summary>
public sealed class PixelInput
{
    private readonly int[] _channels;
    private readonly double[] _deviation;

    private PixelInput(int[] channels, double[] mean, double[] deviation) => (_channels, Mean, _deviation) = (channels, mean, deviation);

    /// <summary>Networks that come from Caffe (DeepLabV2, PSA's VGG16): blue, green, red, less ImageNet's mean.</summary>
    public static PixelInput Caffe { get; } = new([2, 1, 0], [104.008, 116.669, 122.675], [1, 1, 1]);

    /// <summary>Networks that come from torchvision: red, green, blue, with ImageNet's mean and deviation.</summary>
    public static PixelInput Torchvision { get; } = new([0, 1, 2], [0.485 * 255, 0.456 * 255, 0.406 * 255], [0.229 * 255, 0.224 * 255, 0.225 * 255]);

    /// <summary>Networks that see what CLIP sees: red, green, blue, with its mean and deviation.</summary>
    public static PixelInput Clip { get; } =
        new([0, 1, 2], [0.48145466 * 255, 0.4578275 * 255, 0.40821073 * 255], [0.26862954 * 255, 0.26130258 * 255, 0.27577711 * 255]);

    /// <summary>By plane.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>Which of red, green and blue a plane shows: 0, 1 or 2.</summary>
    public int ChannelOf(int plane) => _channels[plane];

    /// <param name="level">0..255; between two levels where an image was resampled.</param>
    public float Value(int plane, double level) => (float)((level - Mean[plane]) / _deviation[plane]);

    /// <param name="image">Gray is taken as RGB, alpha dropped.</param>
    public float[] ToPlanes(ImageBuffer image)
    {
        var rgb = image.ToRgb().Pixels;
        var pixels = rgb.Length / 3;
        var planes = new float[rgb.Length];
        for (var plane = 0; plane < 3; plane++)
            for (var pixel = 0; pixel < pixels; pixel++)
                planes[plane * pixels + pixel] = Value(plane, rgb[3 * pixel + ChannelOf(plane)]);
        return planes;
    }
}
