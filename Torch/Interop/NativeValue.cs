namespace TorchSharp.Interop;

/// <summary>The kinds of argument that the native dispatcher takes; the same numbers as <c>dashboard::Kind</c>.</summary>
internal enum ArgKind
{
    None = 0,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    DoubleList,
    TensorList,
    String,
    Device,
    Generator,
    Default,
}

/// <summary>The same layout as <c>dashboard::Value</c>: <see cref="Bits"/> is a number or a pointer.</summary>
internal struct NativeValue
{
    public ArgKind Kind;
    public int Length;
    public long Bits;
}
