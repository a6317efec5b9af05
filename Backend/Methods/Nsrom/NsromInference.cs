using Dashboard.Backend.Evaluation;
using Dashboard.Backend.Images;
using Dashboard.Backend.Models.Nsrom;
using static TorchSharp.torch;

namespace Dashboard.Backend.Methods.Nsrom;

/// <summary>
/// Attention maps of whole images (scripts/test.py): squashed as in training, one look, and each map in 8 bits as <see cref="AttentionMap"/> says.
/// </summary>
/// <param name="side">Of the square that images are squashed to.</param>
internal sealed class NsromInference(NsromNet net, int side, Device device)
{
    public NsromNet Net => net;

    /// <param name="images">RGB, of any sizes.</param>
    /// <param name="classes">0-based classes of each; may be empty.</param>
    /// <returns>Maps at the size of each image, whole multiples of 1/255.</returns>
    public IReadOnlyList<SoftCam> Maps(IReadOnlyList<ImageBuffer> images, IReadOnlyList<IReadOnlyList<int>> classes)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (planes, length) = (new float[images.Count * 3 * side * side], 3 * side * side);
        Parallel.For(0, images.Count, i =>
            Normalisation.ImageNet.ToPlanes(NsromAugmentation.Squash(images[i], side), planes.AsSpan(i * length, length)));
        var maps = net.maps(tensor(planes, new long[] { images.Count, 3, side, side }).to(device)).cpu();
        return [.. images.Select((image, i) => new SoftCam(
            image.Width, image.Height, classes[i],
            [.. classes[i].SelectMany(k => AttentionMap.Of(maps[i, k], image.Size)).Select(level => level / 255f)]))];
    }
}
