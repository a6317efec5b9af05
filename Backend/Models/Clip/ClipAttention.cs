using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>Multi-head self-attention with the three input projections in one matrix; parameters named as in PyTorch's MultiheadAttention.</summary>
public sealed class ClipAttention : Module<Tensor, Tensor?, Tensor>
{
    private readonly Parameter in_proj_weight;
    private readonly Parameter in_proj_bias;
    private readonly Linear out_proj;
    private readonly int _heads;

    public ClipAttention(int width, int heads)
        : base(nameof(ClipAttention))
    {
        if (width % heads != 0)
            throw new ArgumentException($"{heads} attention heads do not divide the width {width}.", nameof(heads));
        _heads = heads;
        in_proj_weight = Parameter(empty(3 * width, width));
        in_proj_bias = Parameter(zeros(3 * width));
        out_proj = Linear(width, width);
        RegisterComponents();
        init.xavier_uniform_(in_proj_weight);
        init.zeros_(out_proj.bias!);
    }

    /// <param name="input"><c>[N, L, width]</c></param>
    /// <param name="mask">Added to the scores <c>[L, L]</c>: minus infinity where a row must not look.</param>
    /// <returns><c>[N, L, width]</c></returns>
    public override Tensor forward(Tensor input, Tensor? mask)
    {
        var projected = functional.linear(input, in_proj_weight, in_proj_bias).chunk(3, dim: -1);
        return out_proj.call(Attend(projected[0], projected[1], projected[2], _heads, mask));
    }

    /// <summary>
    /// softmax(Q Kᵀ / √d + mask) V in every head (Vaswani et al., NeurIPS 2017, eq. 1). One batched product serves all heads of all inputs.
    /// </summary>
    /// <param name="query"><c>[N, L, width]</c></param>
    /// <param name="key"><c>[N, S, width]</c>, as <paramref name="value"/>.</param>
    /// <returns><c>[N, L, width]</c>: the heads side by side.</returns>
    internal static Tensor Attend(Tensor query, Tensor key, Tensor value, int heads, Tensor? mask = null)
    {
        var (n, length, width) = (query.shape[0], query.shape[1], query.shape[2]);
        var d = width / heads;
        var q = Split(query, heads) * (1 / Math.Sqrt(d));
        var scores = q.bmm(Split(key, heads).transpose(1, 2));
        if (mask is not null)
            scores = scores + mask;
        var attended = scores.softmax(-1).bmm(Split(value, heads));
        return attended.view(n, heads, length, d).transpose(1, 2).reshape(n, length, width);
    }

    /// <returns><c>[N * heads, L, width / heads]</c></returns>
    private static Tensor Split(Tensor x, int heads)
    {
        var (n, length, d) = (x.shape[0], x.shape[1], x.shape[2] / heads);
        return x.view(n, length, heads, d).transpose(1, 2).reshape(n * heads, length, d);
    }
}
