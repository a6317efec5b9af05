using Dashboard.Backend.Datasets;
using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Methods.Refinement;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Training;
using Dashboard.Backend.Weights;
using Dashboard.Domain.Methods.Refinement;
using Dashboard.Domain.Segmentation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>Refined maps and labels of whole images: affinities by the network, one image at a time, and random walks beside each other.</summary>
internal sealed class PsaRefinement(AffinityNet net, PsaOptions options, SoftMapsInput maps, PixelInput input, Device device)
{
    private readonly PsaInference _network = new(net, options.WalkRadius, input, device);
    private readonly PsaWalk _walk =
        new() { Radius = options.WalkRadius, Beta = options.Beta, LogSteps = options.LogSteps, Alpha = options.Alpha, Threads = 1 };

    /// <summary>
    /// The soft map of a class is its share against the walked background, which is above 0.5 where the class beats it: at that threshold the maps
    /// give the labels.
    /// </summary>
    public RefinedImage Refine(Sample sample, ImageBuffer image)
    {
        var cams = maps.Read(sample, image.Size);
        var (classes, pixels) = (cams.Classes.Count, image.Width * image.Height);
        var shares = classes == 0 ? [] : Walk(cams, image);
        if (classes > 0)
        {
            for (var k = classes; k >= 1; k--)
                for (var pixel = 0; pixel < pixels; pixel++)
                    shares[k * pixels + pixel] = shares[k * pixels + pixel] / Math.Max(shares[k * pixels + pixel] + shares[pixel], float.Epsilon);
            shares = shares[pixels..];
        }
        return new(SeedLabels.FromCam(shares, cams.Classes, image.Width, image.Height, 0.5),
            new SoftCam(image.Width, image.Height, cams.Classes, shares));
    }

    /// <returns><c>[1 + classes, Height, Width]</c>, the background first.</returns>
    private float[] Walk(SoftCam cams, ImageBuffer image)
    {
        var scaled = options.Scale == 1 ? image : ImageTransforms.Rescale(image, options.Scale);
        using var scope = NewDisposeScope();
        var large = scaled.Size == image.Size
            ? cams.Maps
            : Resize(tensor(cams.Maps, new long[] { 1, cams.Classes.Count, image.Height, image.Width }), scaled.Size).ToValues<float>();
        var walked = _walk.Maps(large, cams.Classes.Count, Affinity(scaled), scaled.Size);
        return (scaled.Size == image.Size ? walked : Resize(walked.unsqueeze(0), image.Size)).ToValues<float>();
    }

    private Postprocess.RandomWalk.AffinityMatrix Affinity(ImageBuffer image)
    {
        lock (_network)
        {
            TensorThreads.Use(options);
            return _network.Affinity(image);
        }
    }

    private static Tensor Resize(Tensor maps, ImageSize size) =>
        functional.interpolate(maps, size: [size.Height, size.Width], mode: InterpolationMode.Bilinear, align_corners: false);
}
