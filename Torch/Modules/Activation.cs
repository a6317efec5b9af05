using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>max(x, 0)</summary>
public sealed class ReLU : nn.Module<Tensor, Tensor>
{
    internal ReLU(bool inplace) : base(nameof(ReLU)) => this.inplace = inplace;

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, inplace);
}

/// <summary>min(max(x, 0), 6)</summary>
public sealed class ReLU6 : nn.Module<Tensor, Tensor>
{
    internal ReLU6(bool inplace) : base(nameof(ReLU6)) => this.inplace = inplace;

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.relu6(tensor, inplace);
}

/// <summary>x, or slope · x where negative.</summary>
public sealed class LeakyReLU : nn.Module<Tensor, Tensor>
{
    internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU)) => (this.negative_slope, this.inplace) = (negative_slope, inplace);

    public double negative_slope { get; set; }
    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, negative_slope, inplace);
}

/// <summary>x · Φ(x)</summary>
public sealed class GELU : nn.Module<Tensor, Tensor>
{
    internal GELU() : base(nameof(GELU)) { }

    public override Tensor forward(Tensor tensor) => nn.functional.gelu(tensor);
}

/// <summary>x · σ(x)</summary>
public sealed class SiLU : nn.Module<Tensor, Tensor>
{
    internal SiLU(bool inplace) : base(nameof(SiLU)) => this.inplace = inplace;

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.silu(tensor, inplace);
}

public sealed class Sigmoid : nn.Module<Tensor, Tensor>
{
    internal Sigmoid() : base(nameof(Sigmoid)) { }

    public override Tensor forward(Tensor tensor) => nn.functional.sigmoid(tensor);
}

public sealed class Tanh : nn.Module<Tensor, Tensor>
{
    internal Tanh() : base(nameof(Tanh)) { }

    public override Tensor forward(Tensor tensor) => nn.functional.tanh(tensor);
}

public sealed class Softmax : nn.Module<Tensor, Tensor>
{
    internal Softmax(long dim) : base(nameof(Softmax)) => this.dim = dim;

    public long dim { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.softmax(tensor, dim);
}
