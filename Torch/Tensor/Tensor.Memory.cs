using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    private static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new NotSupportedException($"The element type {type} has no size here."),
    };

    public partial class Tensor
    {
        /// <summary>Bytes of one element.</summary>
        public long element_size() => SizeOf(dtype);

        /// <summary>The elements of a CPU tensor, in logical order whatever the strides.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not on the CPU.</exception>
        public TensorAccessor<T> data<T>() where T : unmanaged => new(this);

        /// <summary>The memory of a contiguous CPU tensor; writing to it writes to the tensor.</summary>
        /// <exception cref="InvalidOperationException">The tensor is not on the CPU or not contiguous.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                RequireCpu();
                if (!is_contiguous()) throw new InvalidOperationException("bytes needs a contiguous tensor: call contiguous() first.");
                return new Span<byte>(Address, checked((int)(numel() * element_size())));
            }
            set
            {
                var target = bytes;
                if (value.Length != target.Length) throw new ArgumentException($"{value.Length} bytes do not fill a tensor of {target.Length} bytes.");
                value.CopyTo(target);
            }
        }

        internal unsafe void* Address => Native.dashboard_tensor_data(Handle);

        internal void RequireCpu()
        {
            if (!is_cpu) throw new InvalidOperationException($"The tensor is on {device}: reading its elements needs cpu() first.");
        }

        /// <summary>The only element, in its own type.</summary>
        /// <exception cref="ArgumentException">There is not exactly one element, or it is of another type.</exception>
        public T item<T>() where T : unmanaged
        {
            if (numel() != 1) throw new ArgumentException($"item() needs one element, and this tensor has {numel()}.");
            if (is_cpu) return new TensorAccessor<T>(this).First();
            using var local = cpu();
            return new TensorAccessor<T>(local).First();
        }

        public Scalar ToScalar() => Boxed.CallScalar("aten::item", this);

        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator bool(Tensor value) => value.ToBoolean();

        public static implicit operator Tensor(byte scalar) => tensor(scalar);
        public static implicit operator Tensor(sbyte scalar) => tensor(scalar);
        public static implicit operator Tensor(short scalar) => tensor(scalar);
        public static implicit operator Tensor(int scalar) => tensor(scalar);
        public static implicit operator Tensor(long scalar) => tensor(scalar);
        public static implicit operator Tensor(float scalar) => tensor(scalar);
        public static implicit operator Tensor(double scalar) => tensor(scalar);
        public static implicit operator Tensor(bool scalar) => tensor(scalar);
        public static implicit operator Tensor(Scalar scalar) => full(Array.Empty<long>(), scalar);
    }
}
