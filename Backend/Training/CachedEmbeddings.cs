using static TorchSharp.torch;

namespace Dashboard.Backend.Training;

/// <summary>
/// A contrastive batch far larger than what fits in memory, with the gradient of the whole (GradCache: Gao et al., RepL4NLP 2021; SimSeg's
/// <c>bsgs</c> runner): encode part by part without a graph, take the loss's gradient with respect to all features at once, then encode each part
/// again and carry its features' gradient on to the weights.
/// </summary>
/// <remarks>
/// The gradient equals that of one batch for towers that treat every pair alone. BatchNorm in training mode takes its statistics from each part
/// instead, and moves its running statistics twice.
/// </remarks>
public static class CachedEmbeddings
{
    /// <summary>Features of one part's images and texts, each <c>[n, D]</c>.</summary>
    public delegate (Tensor Images, Tensor Texts) PartEncoder(int part);

    /// <param name="parts">How many parts the batch has.</param>
    /// <param name="encode">Encodes part 0, 1, ...; asked twice for each, and must give the same both times.</param>
    /// <param name="loss">Of all features, <c>[N, D]</c> each: a scalar. It may have weights of its own, as a temperature.</param>
    /// <param name="seed">
    /// Makes a part's random choices (dropout) the same both times. Null: the towers make none, and the generator is left alone.
    /// </param>
    /// <returns>The loss, without a graph. The gradients are added to those of the weights.</returns>
    public static Tensor Backward(int parts, PartEncoder encode, Func<Tensor, Tensor, Tensor> loss, long? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        using var scope = NewDisposeScope();
        if (parts == 1)
        {
            var (images, texts) = Encode(0);
            var whole = loss(images, texts);
            whole.backward();
            return whole.detach().MoveToOuterDisposeScope();
        }

        var cached = new (Tensor Images, Tensor Texts)[parts];
        using (no_grad())
            for (var part = 0; part < parts; part++)
                cached[part] = Encode(part);

        var (u, v) = (cat([.. cached.Select(part => part.Images)]).requires_grad_(), cat([.. cached.Select(part => part.Texts)]).requires_grad_());
        var value = loss(u, v);
        value.backward();

        for (int part = 0, start = 0; part < parts; part++)
        {
            using var inner = NewDisposeScope();
            var count = (int)cached[part].Images.shape[0];
            var (images, texts) = Encode(part);
            autograd.backward([images, texts], [u.grad!.narrow(0, start, count), v.grad!.narrow(0, start, count)]);
            start += count;
        }

        return value.detach().MoveToOuterDisposeScope();

        (Tensor Images, Tensor Texts) Encode(int part)
        {
            if (seed is { } first)
                manual_seed(first + part);
            return encode(part);
        }
    }
}
