using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Psa;
using Dashboard.Backend.Postprocess.RandomWalk;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Psa;

/// <summary>AffinityNet's affinities of whole images (infer_aff.py). For a network in evaluation.</summary>
/// <param name="radius">γ, in positions.</param>
/// <param name="input">What the backbone takes of a pixel.</param>
public sealed class PsaInference(AffinityNet net, int radius, PixelInput input, Device device)
{
    /// <returns>Over <c>[⌈Height/8⌉, ⌈Width/8⌉]</c> positions.</returns>
    public AffinityMatrix Affinity(ImageBuffer image)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        // The normalised image is filled up with zeros to whole strides.
        var (size, strided) = (image.Size.StridedUp(AffinityNet.Stride), image.Size.Strided(AffinityNet.Stride));
        var planes = functional.pad(tensor(input.ToPlanes(image), new long[] { 1, 3, image.Height, image.Width }),
            [0, size.Width - image.Width, 0, size.Height - image.Height]);
        var pairs = new FeatureAffinity(new PathIndex(radius));
        return pairs.Matrix(pairs.Affinity(net.call(planes.to(device)))[0], strided.Width, strided.Height);
    }
}
