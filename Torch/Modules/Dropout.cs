using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>In training mode, elements become zero with probability p and the others grow by 1 / (1 - p).</summary>
public sealed class Dropout : nn.Module<Tensor, Tensor>
{
    internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

    public double p { get; set; }
    public bool inplace { get; set; }

    public override Tensor forward(Tensor input) => nn.functional.dropout(input, p, training, inplace);
}

/// <summary>Dropout of whole channels of <c>[N, C, H, W]</c>.</summary>
public sealed class Dropout2d : nn.Module<Tensor, Tensor>
{
    internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d)) => (this.p, this.inplace) = (p, inplace);

    public double p { get; set; }
    public bool inplace { get; set; }

    public override Tensor forward(Tensor input) => nn.functional.dropout2d(input, p, training, inplace);
}
