using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Returns its input, as a tensor object of its own.</summary>
public sealed class Identity : nn.Module<Tensor, Tensor>
{
    internal Identity() : base(nameof(Identity)) { }

    public override Tensor forward(Tensor tensor) => Boxed.Call("aten::alias", tensor);
}

/// <summary>Makes one dimension of the dimensions from start to end, both included.</summary>
public sealed class Flatten : nn.Module<Tensor, Tensor>
{
    internal Flatten(long start_dim, long end_dim) : base(nameof(Flatten)) => (this.start_dim, this.end_dim) = (start_dim, end_dim);

    public long start_dim { get; set; }
    public long end_dim { get; set; }

    public override Tensor forward(Tensor input) => Boxed.Call("aten::flatten.using_ints", input, start_dim, end_dim);
}

/// <summary>Resizes the spatial dimensions, to a size or by a factor.</summary>
public sealed class Upsample : nn.Module<Tensor, Tensor>
{
    internal Upsample(long[]? size, double[]? scale_factor, UpsampleMode mode, bool? align_corners, bool? recompute_scale_factor) : base(nameof(Upsample))
        => (this.size, this.scale_factor, this.mode, this.align_corners, this.recompute_scale_factor)
            = (size, scale_factor, mode, align_corners, recompute_scale_factor);

    public long[]? size { get; }
    public double[]? scale_factor { get; }
    public UpsampleMode mode { get; }
    public bool? align_corners { get; }
    public bool? recompute_scale_factor { get; }

    public override Tensor forward(Tensor input)
        => nn.functional.interpolate(input, size, scale_factor, (InterpolationMode)mode, align_corners, recompute_scale_factor ?? false);
}
