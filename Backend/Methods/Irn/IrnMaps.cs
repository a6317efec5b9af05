using Dashboard.Backend.Models.Irn;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Methods.Irn;

/// <summary>
/// IRNet's maps of an image and its mirror image together (<c>EdgeDisplacement</c> of IRN's net/resnet50_irn.py). For a network in evaluation.
/// </summary>
/// <param name="padTo">
/// The side to which the normalised image is filled up with zeros at the right and the bottom: 512 in IRN, null (not at all) in CLIMS. They reach
/// GroupNorm's statistics, and so every value.
/// </param>
public sealed class IrnMaps(IrNet net, int? padTo = null)
{
    /// <summary>B: the logits of the two averaged, then the sigmoid.</summary>
    /// <param name="image">Normalised, <c>[3, H, W]</c>.</param>
    /// <returns><c>[1, ⌈H/4⌉, ⌈W/4⌉]</c></returns>
    public Tensor Boundary(Tensor image)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        return Mean(net.boundaries(Pair(image)), image).MoveToOuterDisposeScope();
    }

    /// <summary>B as above, and D of the image itself.</summary>
    /// <inheritdoc cref="Boundary"/>
    /// <returns><c>[1, ⌈H/4⌉, ⌈W/4⌉]</c> and <c>[2, ⌈H/4⌉, ⌈W/4⌉]</c>.</returns>
    public (Tensor Boundary, Tensor Displacement) Both(Tensor image)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var (boundary, displacement) = net.call(Pair(image));
        return (Mean(boundary, image).MoveToOuterDisposeScope(), Crop(displacement, image)[0].MoveToOuterDisposeScope());
    }

    private Tensor Pair(Tensor image)
    {
        var pair = stack([image, image.flip(2)]);
        var (right, bottom) = (Missing(image.shape[2]), Missing(image.shape[1]));
        return right + bottom == 0 ? pair : functional.pad(pair, [0, right, 0, bottom]);
    }

    private long Missing(long side) => Math.Max(0, (padTo ?? 0) - side);

    private static Tensor Mean(Tensor boundary, Tensor image)
    {
        var logits = Crop(boundary, image);
        return (logits[0] / 2 + logits[1].flip(2) / 2).sigmoid();
    }

    private static Tensor Crop(Tensor maps, Tensor image) =>
        maps.narrow(2, 0, (image.shape[1] - 1) / IrnWalk.Stride + 1).narrow(3, 0, (image.shape[2] - 1) / IrnWalk.Stride + 1);
}
