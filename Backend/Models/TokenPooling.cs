using Dashboard.Domain.Methods.TextImage;

using static TorchSharp.torch;

namespace Dashboard.Backend.Models;

/// <summary>
/// From the features of an image's patches, or of a text's words, to the one feature that is compared (SimSeg: Yi et al., CVPR 2023, section 3.2).
/// </summary>
public static class TokenPooling
{
    /// <summary>What the authors' code puts where there is no token: less than any feature.</summary>
    private const double Padding = -10000;

    /// <summary>The feature of each image, of length one.</summary>
    /// <param name="cls">The class token's, <c>[N, D]</c>.</param>
    /// <param name="patches"><c>[N, T, D]</c></param>
    /// <returns><c>[N, D]</c></returns>
    public static Tensor Images(FeaturePooling pooling, Tensor cls, Tensor patches) => L2Norm(pooling.Kind switch
    {
        PoolingKind.Loda => MaximumResponse(patches, pooling.ImageK),
        PoolingKind.Average => Average(patches),
        _ => cls,
    });

    /// <summary>The feature of each text, of length one.</summary>
    /// <param name="words">The first stands for the whole text where nothing else is pooled, as BERT's [CLS]; <c>[N, L, D]</c>.</param>
    /// <param name="mask">1 where there is a token, <c>[N, L]</c>.</param>
    /// <returns><c>[N, D]</c></returns>
    public static Tensor Texts(FeaturePooling pooling, Tensor words, Tensor mask) => L2Norm(pooling.Kind switch
    {
        PoolingKind.Loda => MaximumResponse(words, pooling.TextK, pooling.MaskPadding ? mask : null),
        PoolingKind.Average => Average(words, pooling.MaskPadding ? mask : null),
        _ => words.select(1, 0),
    });

    /// <summary>
    /// LoDA's maximum response selection: in every channel the mean of its k largest responses, so that each channel looks at other tokens. As in the
    /// authors' code no text counts more tokens than the shortest of the batch has; a text without any makes the whole batch NaN, and leaves no k.
    /// </summary>
    /// <param name="tokens"><c>[N, T, D]</c>; unlike the authors', they are not changed.</param>
    /// <param name="k">At least 1. More than T counts all.</param>
    /// <param name="mask">1 where there is a token, 0 in the padding, <c>[N, T]</c>. Null: all are tokens, which the authors train with.</param>
    /// <returns><c>[N, D]</c></returns>
    public static Tensor MaximumResponse(Tensor tokens, int k, Tensor? mask = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        using var scope = NewDisposeScope();
        k = (int)Math.Min(k, tokens.shape[1]);
        if (mask is null)
            return tokens.topk(k, dim: 1).values.mean([1]).MoveToOuterDisposeScope();
        // How short the shortest is stays on the device: to ask for it would wait for the device.
        var shortest = mask.sum(dim: 1).min();
        var counted = arange(k, device: tokens.device).lt(shortest).to(tokens.dtype).unsqueeze(-1);
        var largest = tokens.masked_fill(mask.eq(0).unsqueeze(-1), Padding).topk(k, dim: 1).values;
        return ((largest * counted).sum(dim: 1) / counted.sum()).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the tokens: the dense alignment that LoDA is compared with.</summary>
    /// <inheritdoc cref="MaximumResponse"/>
    public static Tensor Average(Tensor tokens, Tensor? mask = null)
    {
        if (mask is null)
            return tokens.mean([1]);
        using var scope = NewDisposeScope();
        var weights = mask.to(tokens.dtype).unsqueeze(-1);
        return ((tokens * weights).sum(dim: 1) / weights.sum(dim: 1)).MoveToOuterDisposeScope();
    }

    /// <summary>x / (|x| + 1e-8) over the last dimension: of length one, and 0 stays 0.</summary>
    public static Tensor L2Norm(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (x / (x.norm(-1, keepdim: true) + 1e-8)).MoveToOuterDisposeScope();
    }
}
