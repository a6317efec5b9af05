using Dashboard.Backend.Models.Clip;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Vit;

/// <summary>x += attention(norm1(x)); x += MLP(norm2(x)).</summary>
internal sealed class VitBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly VitAttention attn;
    private readonly LayerNorm norm2;
    private readonly Sequential mlp;

    public VitBlock(VitShape shape)
        : base(nameof(VitBlock))
    {
        norm1 = LayerNorm(shape.Width, VisionTransformer.Epsilon);
        attn = new VitAttention(shape);
        norm2 = LayerNorm(shape.Width, VisionTransformer.Epsilon);
        mlp = Sequential(("fc1", Linear(shape.Width, shape.HiddenWidth)), ("act", GELU()), ("fc2", Linear(shape.HiddenWidth, shape.Width)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + attn.call(norm1.call(input));
        return (x + mlp.call(norm2.call(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Self-attention with query, key and value in one matrix.</summary>
internal sealed class VitAttention : Module<Tensor, Tensor>
{
    private readonly Linear qkv;
    private readonly Linear proj;
    private readonly int _heads;

    public VitAttention(VitShape shape)
        : base(nameof(VitAttention))
    {
        if (shape.Width % shape.Heads != 0)
            throw new ArgumentException($"{shape.Heads} attention heads do not divide the width {shape.Width}.", nameof(shape));
        _heads = shape.Heads;
        qkv = Linear(shape.Width, 3 * shape.Width);
        proj = Linear(shape.Width, shape.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var parts = qkv.call(input).chunk(3, dim: -1);
        return proj.call(ClipAttention.Attend(parts[0], parts[1], parts[2], _heads));
    }
}
