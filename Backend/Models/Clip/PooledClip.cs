using Dashboard.Domain.Methods.TextImage;

using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>A CLIP with the pooling that it is trained with: one feature an image and one a text, all of length one.</summary>
public sealed class PooledClip(ClipModel model, FeaturePooling pooling)
{
    public ClipModel Model => model;

    /// <param name="images">Normalised images <c>[N, 3, H, W]</c>.</param>
    /// <returns><c>[N, D]</c></returns>
    public Tensor Images(Tensor images) => pooling.Kind == PoolingKind.Global
        ? functional.normalize(model.encode_image(images), dim: -1)
        : ImagesAndPatches(images).Image;

    /// <returns>The image's feature <c>[N, D]</c>, of length one, and its patches' <c>[N, D, h, w]</c>, not normalised.</returns>
    public (Tensor Image, Tensor Patches) ImagesAndPatches(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (cls, patches) = model.encode_image_and_patches(images);
        var image = TokenPooling.Images(pooling, cls, patches.flatten(2).transpose(1, 2));
        return (image.MoveToOuterDisposeScope(), patches.MoveToOuterDisposeScope());
    }

    /// <param name="tokens">Ids <c>[N, context length]</c>, int64.</param>
    /// <returns><c>[N, D]</c></returns>
    public Tensor Texts(Tensor tokens)
    {
        if (pooling.Kind == PoolingKind.Global)
            return functional.normalize(model.encode_text(tokens), dim: -1);
        using var scope = NewDisposeScope();
        var (words, mask) = model.encode_words(tokens);
        return TokenPooling.Texts(pooling, words, mask).MoveToOuterDisposeScope();
    }
}
