using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.Bert;

/// <summary>Layers one after the other.</summary>
internal sealed class BertEncoder : Module<Tensor, Tensor, Tensor>
{
    private readonly ModuleList<BertLayer> layer;

    public BertEncoder(BertShape shape)
        : base(nameof(BertEncoder))
    {
        layer = ModuleList(Enumerable.Range(0, shape.Layers).Select(_ => new BertLayer(shape)).ToArray());
        RegisterComponents();
    }

    /// <param name="input"><c>[N, L, width]</c></param>
    /// <param name="seen">True where there is a token, <c>[N, 1, 1, L]</c>.</param>
    public override Tensor forward(Tensor input, Tensor seen)
    {
        var x = input;
        foreach (var module in layer)
            x = module.call(x, seen);
        return x;
    }
}

/// <summary>x = norm(x + attention(x)); x = norm(x + MLP(x)): normalised after each sum, as in Vaswani et al. (NeurIPS 2017).</summary>
internal sealed class BertLayer : Module<Tensor, Tensor, Tensor>
{
    private readonly BertAttention attention;
    private readonly BertIntermediate intermediate;
    private readonly BertOutput output;

    public BertLayer(BertShape shape)
        : base(nameof(BertLayer))
    {
        attention = new BertAttention(shape);
        intermediate = new BertIntermediate(shape);
        output = new BertOutput(shape.HiddenWidth, shape);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor seen)
    {
        using var scope = NewDisposeScope();
        var x = attention.call(input, seen);
        return output.call(intermediate.call(x), x).MoveToOuterDisposeScope();
    }
}

internal sealed class BertAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly BertSelfAttention self;
    private readonly BertOutput output;

    public BertAttention(BertShape shape)
        : base(nameof(BertAttention))
    {
        self = new BertSelfAttention(shape);
        output = new BertOutput(shape.Width, shape);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor seen) => output.call(self.call(input, seen), input);
}

internal sealed class BertSelfAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly int _heads;
    private readonly double _dropout;

    public BertSelfAttention(BertShape shape)
        : base(nameof(BertSelfAttention))
    {
        if (shape.Width % shape.Heads != 0)
            throw new ArgumentException($"{shape.Heads} attention heads do not divide the width {shape.Width}.", nameof(shape));
        (_heads, _dropout) = (shape.Heads, shape.AttentionDropout);
        query = Linear(shape.Width, shape.Width);
        key = Linear(shape.Width, shape.Width);
        value = Linear(shape.Width, shape.Width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor seen)
    {
        var attended = functional.scaled_dot_product_attention(
            Split(query.call(input)), Split(key.call(input)), Split(value.call(input)), attn_mask: seen, p: training ? _dropout : 0);
        return attended.transpose(1, 2).flatten(2);
    }

    /// <returns><c>[N, heads, L, width / heads]</c></returns>
    private Tensor Split(Tensor x) => x.unflatten(2, _heads, -1).transpose(1, 2);
}

/// <summary>GELU(W x + b).</summary>
internal sealed class BertIntermediate : Module<Tensor, Tensor>
{
    private readonly Linear dense;

    public BertIntermediate(BertShape shape)
        : base(nameof(BertIntermediate))
    {
        dense = Linear(shape.Width, shape.HiddenWidth);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => functional.gelu(dense.call(input));
}

/// <summary>What a part of a layer gives back: norm(residual + dropout(W x + b)).</summary>
internal sealed class BertOutput : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout dropout;

    public BertOutput(int inputWidth, BertShape shape)
        : base(nameof(BertOutput))
    {
        dense = Linear(inputWidth, shape.Width);
        LayerNorm = nn.LayerNorm(shape.Width, BertModel.Epsilon);
        dropout = Dropout(shape.Dropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input, Tensor residual) => LayerNorm.call(dropout.call(dense.call(input)) + residual);
}
