using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dashboard.Backend.Models.SimSeg;

/// <summary>From a tower's width to the common space, token by token, without bias: what the published models have.</summary>
public sealed class SimpleProjection : Module<Tensor, Tensor>
{
    private readonly Linear linear;

    public SimpleProjection(int width, int embeddingSize)
        : base(nameof(SimpleProjection))
    {
        linear = Linear(width, embeddingSize, hasBias: false);
        RegisterComponents();
    }

    /// <param name="input"><c>[..., width]</c></param>
    /// <returns><c>[..., embedding size]</c></returns>
    public override Tensor forward(Tensor input) => linear.call(input);
}

/// <summary>The authors' other projection: y = W x + b; LayerNorm(y + V GELU(y) + c).</summary>
public sealed class ComplexProjection : Module<Tensor, Tensor>
{
    private readonly Linear projection;
    private readonly Linear fc;
    private readonly Dropout dropout;
    private readonly LayerNorm layer_norm;

    public ComplexProjection(int width, int embeddingSize, double dropoutProbability = 0.1)
        : base(nameof(ComplexProjection))
    {
        projection = Linear(width, embeddingSize);
        fc = Linear(embeddingSize, embeddingSize);
        dropout = Dropout(dropoutProbability);
        layer_norm = LayerNorm(embeddingSize);
        RegisterComponents();
    }

    /// <inheritdoc cref="SimpleProjection.forward"/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var projected = projection.call(input);
        var x = dropout.call(fc.call(functional.gelu(projected)));
        return layer_norm.call(x + projected).MoveToOuterDisposeScope();
    }
}
