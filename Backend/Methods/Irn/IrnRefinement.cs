using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Models.Irn;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>Refined maps and labels of whole images: boundaries by the network, one image at a time, and random walks beside each other.</summary>
internal sealed class IrnRefinement(IrNet net, IrnOptions options, SoftMapsInput maps, Normalisation normalisation, Device device)
{
    private readonly IrnMaps _network = new(net, options.PadTo > 0 ? options.PadTo : null);
    private readonly IrnWalk _walk = new() { Radius = options.WalkRadius, Beta = options.Beta, LogSteps = options.LogSteps, Threads = 1 };

    public RefinedImage Refine(Sample sample, ImageBuffer image)
    {
        var cams = maps.Read(sample, image.Size);
        var refined = cams.Classes.Count == 0 ? [] : Walk(cams, Boundary(image), image.Size);
        return new(
            SeedLabels.FromCam(refined, cams.Classes, image.Width, image.Height, options.Background),
            new SoftCam(image.Width, image.Height, cams.Classes, refined));
    }

    /// <summary>B, probabilities <c>[⌈Height/4⌉, ⌈Width/4⌉]</c> of the scaled image.</summary>
    public float[] Boundary(ImageBuffer image)
    {
        lock (_network)
        {
            TensorThreads.Use(options);
            using var scope = NewDisposeScope();
            return _network.Boundary(Input(image)).cpu().ToValues<float>();
        }
    }

    /// <summary>B at the image's size, for eyes.</summary>
    public float[] BoundaryPicture(ImageBuffer image)
    {
        using var scope = NewDisposeScope();
        var size = Scaled(image.Size).Strided(IrnWalk.Stride);
        return Resize(tensor(Boundary(image), new long[] { 1, 1, size.Height, size.Width }), image.Size).ToValues<float>();
    }

    /// <summary>D of an image, its first crop of a side at the upper left, <c>[2, h, w]</c>.</summary>
    public Tensor Displacement(ImageBuffer image, int side)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var planes = new float[3 * side * side];
        normalisation.CropToPlanes(image, CropBox.TopLeft(image.Size, side), planes);
        return net.call(tensor(planes, new long[] { 1, 3, side, side }).to(device)).Displacement[0].MoveToOuterDisposeScope();
    }

    /// <returns><c>[classes, Height, Width]</c>, divided by the largest value of all.</returns>
    private float[] Walk(SoftCam cams, float[] boundary, ImageSize image)
    {
        using var scope = NewDisposeScope();
        var (count, scaled) = (cams.Classes.Count, Scaled(image));
        var strided = scaled.Strided(IrnWalk.Stride);
        // As the authors' low-resolution maps: bilinear, and each with a maximum of 1.
        var small = Resize(tensor(cams.Maps, new long[] { 1, count, image.Height, image.Width }), strided)[0];
        small = small / (small.amax(new long[] { 1, 2 }, keepdim: true) + 1e-5);
        var walked = IrnWalk.Enlarge(_walk.Propagate(small.ToValues<float>(), count, boundary, strided), count, scaled);
        return scaled == image ? walked : Resize(tensor(walked, new long[] { 1, count, scaled.Height, scaled.Width }), image).ToValues<float>();
    }

    /// <summary>Normalised, <c>[3, H, W]</c>.</summary>
    private Tensor Input(ImageBuffer image)
    {
        var scaled = options.WalkScale == 1 ? image : ImageTransforms.Rescale(image, options.WalkScale);
        return tensor(normalisation.ToPlanes(scaled), new long[] { 3, scaled.Height, scaled.Width }).to(device);
    }

    private ImageSize Scaled(ImageSize image) => options.WalkScale == 1 ? image : image.Scaled(options.WalkScale);

    private static Tensor Resize(Tensor maps, ImageSize size) =>
        functional.interpolate(maps, size: [size.Height, size.Width], mode: InterpolationMode.Bilinear, align_corners: false);
}
