using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One after the other along an existing dimension.</summary>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Boxed.Call("aten::cat", tensors.ToArray(), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <summary>Side by side along a new dimension.</summary>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Boxed.Call("aten::stack", tensors.ToArray(), dim);

    public static Tensor hstack(params Tensor[] tensors) => Boxed.Call("aten::hstack", tensors);

    public static Tensor vstack(params Tensor[] tensors) => Boxed.Call("aten::vstack", tensors);

    public static Tensor dstack(params Tensor[] tensors) => Boxed.Call("aten::dstack", tensors);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Boxed.CallList("aten::broadcast_tensors", tensors);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Boxed.Call("aten::where.self", condition, x, y);

    public static Tensor[] where(Tensor condition) => Boxed.CallList("aten::where", condition);

    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0L) => tensor.split(split_size_or_sections, dim);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);
}
