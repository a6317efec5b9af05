using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>start, start + step, ... below stop; int64 where all three are integers, else float32, unless told.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var integral = start.Type == ScalarType.Int64 && stop.Type == ScalarType.Int64 && step.Type == ScalarType.Int64;
        var type = dtype ?? (integral ? ScalarType.Int64 : _defaultType);
        return Made(Boxed.Call("aten::arange.start_step", start, stop, step, type, Arg.None, Place(device)), requires_grad);
    }

    /// <summary><paramref name="steps"/> values from start to end, both included.</summary>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Boxed.Call("aten::linspace", start, end, steps, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Boxed.Call("aten::logspace", start, end, steps, @base, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Boxed.Call("aten::eye.m", rows, columns < 0 ? rows : columns, Dtype(dtype), Arg.None, Place(device)), requires_grad);

    /// <summary>Coordinate grids; "ij" is matrix order, "xy" Cartesian.</summary>
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") =>
        Boxed.CallList("aten::meshgrid.indexing", tensors.ToArray(), indexing);

    public static Tensor cartesian_prod(IList<Tensor> tensors) => Boxed.Call("aten::cartesian_prod", tensors.ToArray());
}
