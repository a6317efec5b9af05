using Dashboard.Backend.Images;
using Dashboard.Backend.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>A class map as NSROM writes it for an image (scripts/test.py): 8 bits, at the image's size.</summary>
public static class AttentionMap
{
    /// <summary>What is above 0, divided by the largest value, cut to 8 bits, and enlarged bicubically as OpenCV does (a = -0.75).</summary>
    /// <param name="map">Raw, <c>[h, w]</c>.</param>
    /// <returns><c>[Height, Width]</c>, 0..255.</returns>
    public static byte[] Of(Tensor map, ImageSize image)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var shown = map.clamp(min: 0);
        var bits = (shown / (shown.max() + 1e-8) * 255).floor();
        var large = functional.interpolate(
            bits.unsqueeze(0).unsqueeze(0), size: [image.Height, image.Width], mode: InterpolationMode.Bicubic, align_corners: false);
        return Array.ConvertAll(large.round().clamp(0, 255).ToValues<float>(), value => (byte)value);
    }
}
