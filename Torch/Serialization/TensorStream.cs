using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// TorchSharp's own format of a tensor: element type, number of dimensions and each of them as LEB128 numbers (.NET's 7-bit encoded integers),
/// then the elements as they lie in memory.
/// </summary>
public static partial class TensorExtensionMethods
{
    private const int BlockBytes = 1 << 20;

    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using var noGrad = no_grad();
        using var local = Boxed.Call("aten::to.device", tensor, CPU, tensor.dtype);
        using var contiguous = Boxed.Call("aten::contiguous", local);
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.dim());
        foreach (var size in tensor.shape)
            writer.Write7BitEncodedInt64(size);
        writer.Write(contiguous.bytes);
    }

    /// <summary>Reads into an existing tensor of the same type and shape, on whatever device it is.</summary>
    /// <param name="skip">Whether to check and pass over the elements without storing them.</param>
    /// <exception cref="ArgumentException">The stream's tensor has another type or shape.</exception>
    /// <exception cref="EndOfStreamException">The stream is cut off.</exception>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (dtype, shape) = ReadHeader(reader);
        if (dtype != tensor.dtype || !shape.SequenceEqual(tensor.shape))
            throw new ArgumentException(
                $"The stream holds a tensor {dtype} [{string.Join(", ", shape)}], expected is {tensor.dtype} [{string.Join(", ", tensor.shape)}].");
        if (skip)
        {
            PassOver(reader, tensor.numel() * tensor.element_size());
            return;
        }

        using var noGrad = no_grad();
        using var read = empty(shape, dtype);
        reader.BaseStream.ReadExactly(read.bytes);
        Boxed.CallVoid("aten::copy_", tensor, read);
    }

    /// <summary>Passes over a tensor of any type and shape.</summary>
    internal static void PassOverTensor(BinaryReader reader)
    {
        var (dtype, shape) = ReadHeader(reader);
        using var one = empty([1], dtype);
        PassOver(reader, shape.TotalSize() * one.element_size());
    }

    private static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        var dtype = (ScalarType)reader.Read7BitEncodedInt64();
        var dimensions = reader.Read7BitEncodedInt64();
        if (!Enum.IsDefined(dtype) || dimensions is < 0 or > 64)
            throw new InvalidDataException("The stream holds no tensor at this place.");
        var shape = new long[dimensions];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = reader.Read7BitEncodedInt64();
        if (shape.Any(size => size is < 0 or > int.MaxValue))
            throw new InvalidDataException("The stream holds no tensor at this place.");
        return (dtype, shape);
    }

    private static void PassOver(BinaryReader reader, long bytes)
    {
        var block = new byte[Math.Min(bytes, BlockBytes)];
        for (; bytes > 0; bytes -= Math.Min(bytes, BlockBytes))
            reader.BaseStream.ReadExactly(block, 0, (int)Math.Min(bytes, BlockBytes));
    }
}
