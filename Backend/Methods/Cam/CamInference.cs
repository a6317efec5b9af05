using Dashboard.Backend.Images;
using Dashboard.Backend.Images.Resizing;
using Dashboard.Backend.Models;
using Dashboard.Domain.Methods.Seeds;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Cam;

/// <summary>
/// Multi-scale, flipped class activation maps, as in the authors' code (IRN step/make_cam.py, CLIMS step/make_clims.py): at each scale relu of the
/// class maps of the image plus those of its mirror image, mirrored back; bilinear to one size; summed over the scales; divided by their maximum.
/// </summary>
public sealed class CamInference(CamNet net, IReadOnlyList<double> scales, bool flip, Device device)
{
    /// <summary>The reference's "strided size": maps at a quarter of the image.</summary>
    private const int Stride = 4;

    /// <summary>High-resolution maps are made on a grid of whole multiples of this, then cropped.</summary>
    private const int Grid = 16;

    /// <summary>What makes activation maps of the network's class maps.</summary>
    public CamActivation Activation { get; init; } = CamActivation.Relu;

    /// <summary>The one the network was trained with.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.ImageNet;

    /// <summary>
    /// Whether images come to the device as they are and are resized there; the maps are the same in every bit. The processor's own instructions are
    /// faster where it is the device.
    /// </summary>
    public bool ResizesOnDevice { get; init; } = device.type != DeviceType.CPU;

    public CamNet Net => net;

    /// <summary>Maps of images of one size, for the classes that are present in each.</summary>
    /// <param name="images">RGB images, all of the same width and height.</param>
    /// <param name="classes">0-based present classes of each image; may be empty.</param>
    /// <returns>
    /// For each image the normalised maps at image size and at a quarter of it, none of them for an image without classes. They lie on the device,
    /// which may be at work on them still. The caller disposes them.
    /// </returns>
    public IReadOnlyList<CamMaps> Maps(IReadOnlyList<ImageBuffer> images, IReadOnlyList<IReadOnlyList<int>> classes)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var size = images[0].Size;
        if (classes.All(of => of.Count == 0))
            return [.. classes.Select(of => new CamMaps(of, None(size), None(size.Strided(Stride))))];

        // Of all maps only those of the classes that are present are brought to other sizes: P of them, one image after the other.
        var network = net.ForEvaluation();
        var present = tensor(classes.SelectMany((of, image) => of.Select(k => ((long)image * net.Classes) + k)).ToArray(), device: device);
        var inputs = Inputs(images);
        var perScale = scales.Select(scale => FlipSum(network, inputs(scale)).flatten(0, 1).index_select(0, present).unsqueeze(0)).ToList();
        var strided = Sum(perScale, size.Strided(Stride))[0];
        var full = Sum(perScale, size.StridedUp(Grid))[0, .., ..size.Height, ..size.Width];

        var result = new List<CamMaps>();
        var first = 0;
        foreach (var of in classes)
        {
            result.Add(new CamMaps(
                of,
                Normalise(full.narrow(0, first, of.Count)).DetachFromDisposeScope(),
                Normalise(strided.narrow(0, first, of.Count)).DetachFromDisposeScope()));
            first += of.Count;
        }
        return result;
    }

    /// <summary>activation(maps(x)) + mirror(activation(maps(mirror(x)))) at one scale, <c>[N, K, h, w]</c>.</summary>
    public Tensor FlipSum(IReadOnlyList<ImageBuffer> images, double scale)
    {
        using var scope = NewDisposeScope();
        return FlipSum(net.ForEvaluation(), Inputs(images)(scale)).MoveToOuterDisposeScope();
    }

    /// <param name="input">Taken over: it is disposed.</param>
    private Tensor FlipSum(Func<Tensor, Tensor> network, Tensor input)
    {
        using var scope = NewDisposeScope();
        using (input)
        {
            if (!flip)
                return Activate(network(input)).MoveToOuterDisposeScope();
            var (images, maps) = (input.shape[0], Activate(network(cat([input, input.flip(3)], 0))));
            return (maps.narrow(0, 0, images) + maps.narrow(0, images, images).flip(3)).MoveToOuterDisposeScope();
        }
    }

    private Tensor Activate(Tensor maps) => Activation == CamActivation.Sigmoid ? maps.sigmoid() : functional.relu(maps);

    /// <summary>The images at a scale (PIL bicubic, both sides rounded half to even), normalised, <c>[N, 3, h, w]</c> on the device.</summary>
    private Func<double, Tensor> Inputs(IReadOnlyList<ImageBuffer> images)
    {
        var size = images[0].Size;
        if (!ResizesOnDevice)
            return scale => OnHost(images, size.Scaled(scale));
        using var scope = NewDisposeScope();
        var bytes = new byte[images.Count * images[0].Pixels.Length];
        for (var i = 0; i < images.Count; i++)
            images[i].Pixels.CopyTo(bytes, i * images[i].Pixels.Length);
        var pixels = tensor(bytes, [images.Count, size.Height, size.Width, 3], device: device);
        var levels = pixels.permute(0, 3, 1, 2).to(float64).contiguous().MoveToOuterDisposeScope();
        return scale => Normalisation.ToPlanes(TensorResampling.Resize(levels, size.Scaled(scale), ResampleFilter.Bicubic));
    }

    /// <summary>Made on all cores, for the network waits.</summary>
    private Tensor OnHost(IReadOnlyList<ImageBuffer> images, ImageSize size)
    {
        using var scope = NewDisposeScope();
        var (values, length) = (new float[3L * images.Count * size.Width * size.Height], 3 * size.Width * size.Height);
        Parallel.For(0, images.Count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, i =>
            Normalisation.ToPlanes(Resampling.Resize(images[i], size, ResampleFilter.Bicubic), values.AsSpan(i * length, length)));
        return tensor(values, new long[] { images.Count, 3, size.Height, size.Width }).to(device).MoveToOuterDisposeScope();
    }

    private static Tensor None(ImageSize size) => zeros(0, size.Height, size.Width).DetachFromDisposeScope();

    private static Tensor Sum(IReadOnlyList<Tensor> perScale, ImageSize size) =>
        perScale
            .Select(maps => functional.interpolate(maps, size: [size.Height, size.Width], mode: InterpolationMode.Bilinear, align_corners: false))
            .Aggregate((sum, maps) => sum.add_(maps));

    /// <summary>Each map divided by its maximum + 1e-5.</summary>
    private static Tensor Normalise(Tensor maps) => maps / (maps.amax(new long[] { 1, 2 }, keepdim: true) + 1e-5);
}

/// <summary>Maps of one image, normalised to 0..1, for its present classes.</summary>
/// <param name="Classes">0-based, n of them.</param>
/// <param name="Full"><c>[n, H, W]</c>: the reference's <c>high_res</c>.</param>
/// <param name="Strided"><c>[n, ceil(H/4), ceil(W/4)]</c>: the reference's <c>cam</c>.</param>
public sealed record CamMaps(IReadOnlyList<int> Classes, Tensor Full, Tensor Strided) : IDisposable
{
    public void Dispose()
    {
        Full.Dispose();
        Strided.Dispose();
    }
}
