using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Deeplab;
using Dashboard.Backend.Postprocess;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Segment;

/// <summary>Masks of whole images (deeplab-pytorch's main.py, test and crf): no tag is asked. For a network in evaluation.</summary>
/// <param name="input">What the network takes of a pixel.</param>
/// <param name="flip">Averages probabilities with those of the mirror image; the authors do not.</param>
/// <param name="scales">Of the image, whose probabilities are averaged; null: its own alone, as the authors.</param>
public sealed class DeeplabInference(SegmentationNet net, PixelInput input, Device device, bool flip = false, IReadOnlyList<double>? scales = null)
{
    /// <returns>Logits at about an eighth of the size, <c>[1, classes, h, w]</c>, on the network's device.</returns>
    public Tensor Logits(ImageBuffer image)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return net.call(Input(image)).MoveToOuterDisposeScope();
    }

    /// <returns><c>[classes, Height, Width]</c></returns>
    public float[] Probabilities(ImageBuffer image)
    {
        using var scope = NewDisposeScope();
        return Mean(image).ToValues<float>();
    }

    /// <summary>Probabilities over scales and mirror images, <c>[classes, Height, Width]</c>, on the network's device.</summary>
    private Tensor Mean(ImageBuffer image)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var planes = Input(image);
        var looks = (scales ?? [1.0]).SelectMany(scale => Looks(Scaled(planes, image.Size, scale), image.Size)).ToList();
        return (looks.Aggregate((sum, look) => sum + look) / looks.Count).MoveToOuterDisposeScope();
    }

    /// <summary>Probabilities of the image, and of its mirror image, mirrored back.</summary>
    private IEnumerable<Tensor> Looks(Tensor planes, ImageSize size)
    {
        yield return Enlarge(net.call(planes), size);
        if (flip)
            yield return Enlarge(net.call(planes.flip(3)), size).flip(2);
    }

    private static Tensor Scaled(Tensor planes, ImageSize image, double scale)
    {
        var size = image.Scaled(scale);
        return size == image
            ? planes
            : functional.interpolate(planes, size: [size.Height, size.Width], mode: InterpolationMode.Bilinear, align_corners: false);
    }

    /// <summary>The largest probability's label, or what a CRF makes of them.</summary>
    /// <param name="crf">Null: none.</param>
    /// <param name="guide">The image the CRF sees; null: the image itself. The authors hand it <see cref="LegacyCrfGuide"/>.</param>
    /// <param name="threads">Of the CRF; 0: one a processor.</param>
    public LabelMap Labels(ImageBuffer image, DenseCrfSettings? crf = null, ImageBuffer? guide = null, int threads = 0)
    {
        using var scope = NewDisposeScope();
        var probabilities = Mean(image);
        if (crf is null)
            return Largest(probabilities);
        using var field = new DenseCrf(guide ?? image, crf, threads, device.ToString());
        return field.Labels(DenseCrfUnary.FromProbabilities(probabilities.ToValues<float>(), net.Classes), net.Classes);
    }

    /// <summary>Bilinear to the image's size, then softmax.</summary>
    /// <param name="logits"><c>[1, classes, h, w]</c></param>
    /// <returns><c>[classes, Height, Width]</c></returns>
    public static Tensor Enlarge(Tensor logits, ImageSize image)
    {
        using var scope = NewDisposeScope();
        return functional.interpolate(logits, size: [image.Height, image.Width], mode: InterpolationMode.Bilinear, align_corners: false)[0]
            .softmax(0)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The label of the largest probability, the first among equals.</summary>
    /// <param name="probabilities"><c>[classes, Height, Width]</c>, on any device.</param>
    public static LabelMap Largest(Tensor probabilities)
    {
        using var scope = NewDisposeScope();
        return new((int)probabilities.shape[2], (int)probabilities.shape[1], probabilities.argmax(0).to(uint8).ToValues<byte>());
    }

    private Tensor Input(ImageBuffer image) => tensor(input.ToPlanes(image), new long[] { 1, 3, image.Height, image.Width }).to(device);
}
