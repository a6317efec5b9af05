using static TorchSharp.torch;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>A SimSeg model with a pooling: one feature an image and one a text, all of length one.</summary>
public sealed class PooledSimSeg(SimSegModel model, FeaturePooling pooling)
{
    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns><c>[N, D]</c></returns>
    public Tensor Images(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (cls, patches) = model.encode_image(images);
        return TokenPooling.Images(pooling, cls, patches).MoveToOuterDisposeScope();
    }

    /// <returns>The image's feature <c>[N, D]</c>, of length one, and its patches' <c>[N, D, h, w]</c>, not normalised.</returns>
    public (Tensor Image, Tensor Patches) ImagesAndPatches(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patch = model.Shape.Image.PatchSize;
        var (cls, patches) = model.encode_image(images);
        var map = patches.transpose(1, 2).unflatten(2, images.shape[2] / patch, images.shape[3] / patch);
        return (TokenPooling.Images(pooling, cls, patches).MoveToOuterDisposeScope(), map.MoveToOuterDisposeScope());
    }

    /// <param name="tokens">Ids <c>[N, L]</c>, int64.</param>
    /// <param name="mask">1 where there is a token, <c>[N, L]</c>.</param>
    /// <returns><c>[N, D]</c></returns>
    public Tensor Texts(Tensor tokens, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return TokenPooling.Texts(pooling, model.encode_words(tokens, mask), mask).MoveToOuterDisposeScope();
    }
}
