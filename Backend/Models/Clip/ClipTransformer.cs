using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Clip;

/// <summary>Transformer blocks one after the other, as both of CLIP's towers have them.</summary>
public sealed class ClipTransformer : Module<Tensor, Tensor?, Tensor>
{
    private readonly ModuleList<ResidualAttentionBlock> resblocks;

    public ClipTransformer(int width, int layers, int heads, bool quickGelu)
        : base(nameof(ClipTransformer))
    {
        resblocks = ModuleList(Enumerable.Range(0, layers).Select(_ => new ResidualAttentionBlock(width, heads, quickGelu)).ToArray());
        RegisterComponents();
    }

    /// <param name="input"><c>[N, L, width]</c></param>
    /// <param name="mask">Added to the attention scores, <c>[L, L]</c>.</param>
    /// <returns><c>[N, L, width]</c></returns>
    public override Tensor forward(Tensor input, Tensor? mask)
    {
        var x = input;
        foreach (var block in resblocks)
            x = block.call(x, mask);
        return x;
    }
}

/// <summary>x += attention(norm(x)); x += MLP(norm(x)).</summary>
public sealed class ResidualAttentionBlock : Module<Tensor, Tensor?, Tensor>
{
    private readonly ClipAttention attn;
    private readonly ClipLayerNorm ln_1;
    private readonly Sequential mlp;
    private readonly ClipLayerNorm ln_2;

    public ResidualAttentionBlock(int width, int heads, bool quickGelu)
        : base(nameof(ResidualAttentionBlock))
    {
        attn = new ClipAttention(width, heads);
        ln_1 = new ClipLayerNorm(width);
        mlp = Sequential(("c_fc", Linear(width, 4 * width)), ("gelu", quickGelu ? new QuickGelu() : GELU()), ("c_proj", Linear(4 * width, width)));
        ln_2 = new ClipLayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor? mask)
    {
        // What lies between is freed at the block's end; what the gradient needs is kept by the graph.
        using var scope = NewDisposeScope();
        var x = input + attn.call(ln_1.call(input), mask);
        return (x + mlp.call(ln_2.call(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>x·sigmoid(1.702 x), OpenAI's approximation of GELU.</summary>
public sealed class QuickGelu() : Module<Tensor, Tensor>(nameof(QuickGelu))
{
    public override Tensor forward(Tensor input)
    {
        using var scaled = input * 1.702;
        using var gate = scaled.sigmoid();
        return input * gate;
    }
}
