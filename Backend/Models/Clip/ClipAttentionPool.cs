using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>Pools a feature map by attention: the query is its average, keys and values are the average and every position.</summary>
public sealed class ClipAttentionPool : Module<Tensor, Tensor>
{
    private readonly Parameter positional_embedding;
    private readonly Linear k_proj;
    private readonly Linear q_proj;
    private readonly Linear v_proj;
    private readonly Linear c_proj;
    private readonly int _heads;

    /// <param name="grid">Side of the map that the position embedding is made for.</param>
    public ClipAttentionPool(int grid, int channels, int heads, int embeddingSize)
        : base(nameof(ClipAttentionPool))
    {
        if (channels % heads != 0)
            throw new ArgumentException($"{heads} attention heads do not divide the width {channels}.", nameof(heads));
        _heads = heads;
        var scale = Math.Pow(channels, -0.5);
        positional_embedding = Parameter(randn(1 + grid * grid, channels) * scale);
        k_proj = Linear(channels, channels);
        q_proj = Linear(channels, channels);
        v_proj = Linear(channels, channels);
        c_proj = Linear(channels, embeddingSize);
        RegisterComponents();
        foreach (var projection in new[] { k_proj, q_proj, v_proj, c_proj })
            init.normal_(projection.weight!, 0, scale);
    }

    /// <param name="input"><c>[N, C, H, W]</c></param>
    /// <returns><c>[N, D]</c></returns>
    public override Tensor forward(Tensor input)
    {
        var x = input.flatten(2).transpose(1, 2);
        x = cat([x.mean(new long[] { 1 }, keepdim: true), x], 1);
        x = x + ClipImageTower.interpolate_positions(positional_embedding, input.shape[2], input.shape[3]).to(x.dtype);
        var pooled = ClipAttention.Attend(q_proj.call(x.narrow(1, 0, 1)), k_proj.call(x), v_proj.call(x), _heads);
        return c_proj.call(pooled.squeeze(1));
    }

    /// <summary>
    /// What each position would give if the query attended to it alone (Zhou et al., MaskCLIP, ECCV 2022), without position embedding.
    /// </summary>
    /// <returns><c>[N, D, H, W]</c></returns>
    public Tensor patches(Tensor input) =>
        c_proj.call(v_proj.call(input.flatten(2).transpose(1, 2))).transpose(1, 2).unflatten(2, input.shape[2], input.shape[3]);
}
