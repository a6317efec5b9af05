using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number of any element type, as an argument of an operator.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly ArgKind Kind;
    internal readonly long Bits;

    internal Scalar(ArgKind kind, long bits)
    {
        Kind = kind;
        Bits = bits;
    }

    private Scalar(long value) : this(ArgKind.Int, value) { }

    private Scalar(double value) : this(ArgKind.Double, BitConverter.DoubleToInt64Bits(value)) { }

    private Scalar(bool value) : this(ArgKind.Bool, value ? 1 : 0) { }

    public static implicit operator Scalar(byte value) => new((long)value);
    public static implicit operator Scalar(sbyte value) => new((long)value);
    public static implicit operator Scalar(short value) => new((long)value);
    public static implicit operator Scalar(int value) => new((long)value);
    public static implicit operator Scalar(long value) => new(value);
    public static implicit operator Scalar(Half value) => new((double)value);
    public static implicit operator Scalar(float value) => new((double)value);
    public static implicit operator Scalar(double value) => new(value);
    public static implicit operator Scalar(bool value) => new(value);

    public torch.ScalarType Type => Kind switch
    {
        ArgKind.Int => torch.ScalarType.Int64,
        ArgKind.Bool => torch.ScalarType.Bool,
        _ => torch.ScalarType.Float64,
    };

    internal double AsDouble() => Kind == ArgKind.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64() => Kind == ArgKind.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    /// <summary>Nothing to free; TorchSharp's scalars are disposable.</summary>
    public void Dispose() { }
}

/// <summary>Numbers as scalars, and scalars as numbers.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;

    public static float ToSingle(this Scalar value) => (float)value.AsDouble();
    public static double ToDouble(this Scalar value) => value.AsDouble();
    public static byte ToByte(this Scalar value) => (byte)value.AsInt64();
    public static sbyte ToSByte(this Scalar value) => (sbyte)value.AsInt64();
    public static short ToInt16(this Scalar value) => (short)value.AsInt64();
    public static int ToInt32(this Scalar value) => (int)value.AsInt64();
    public static long ToInt64(this Scalar value) => value.AsInt64();
    public static bool ToBoolean(this Scalar value) => value.AsDouble() != 0;
}
