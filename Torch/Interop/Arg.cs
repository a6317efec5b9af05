using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>One argument of an ATen operator. Null of any type is the operator's <c>None</c>.</summary>
internal readonly struct Arg
{
    internal readonly ArgKind Kind;
    internal readonly int Index;
    internal readonly long Bits;
    internal readonly object? Reference;

    private Arg(ArgKind kind, long bits = 0, object? reference = null, int index = 0)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
        Index = index;
    }

    internal static Arg None => default;

    /// <summary>The default value that the operator's schema states.</summary>
    internal static Arg Default => new(ArgKind.Default);

    public static implicit operator Arg(Tensor? tensor) => tensor is null ? None : new(ArgKind.Tensor, 0, tensor);
    public static implicit operator Arg(int value) => new(ArgKind.Int, value);
    public static implicit operator Arg(long value) => new(ArgKind.Int, value);
    public static implicit operator Arg(double value) => new(ArgKind.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(bool value) => new(ArgKind.Bool, value ? 1 : 0);
    public static implicit operator Arg(int? value) => value is { } v ? (Arg)v : None;
    public static implicit operator Arg(long? value) => value is { } v ? (Arg)v : None;
    public static implicit operator Arg(double? value) => value is { } v ? (Arg)v : None;
    public static implicit operator Arg(bool? value) => value is { } v ? (Arg)v : None;
    public static implicit operator Arg(long[]? values) => values is null ? None : new(ArgKind.IntList, 0, values);
    public static implicit operator Arg(double[]? values) => values is null ? None : new(ArgKind.DoubleList, 0, values);

    /// <summary>Also the operator's <c>Tensor?[]</c>: a null element is None.</summary>
    public static implicit operator Arg(Tensor?[]? tensors) => tensors is null ? None : new(ArgKind.TensorList, 0, tensors);
    public static implicit operator Arg(Scalar? scalar) => scalar is null ? None : new(scalar.Kind, scalar.Bits);
    public static implicit operator Arg(ScalarType dtype) => new(ArgKind.Int, (long)dtype);
    public static implicit operator Arg(ScalarType? dtype) => dtype is { } d ? (Arg)d : None;
    public static implicit operator Arg(Device? device) => device is null ? None : new(ArgKind.Device, (long)device.type, null, device.index);
    public static implicit operator Arg(Generator? generator) => generator is null ? None : new(ArgKind.Generator, 0, generator);
    public static implicit operator Arg(string? text) => text is null ? None : new(ArgKind.String, 0, text);
}
