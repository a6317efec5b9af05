using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A copy of the array, of the same rank and element type.</summary>
    /// <exception cref="NotSupportedException">The array's elements are no element type of tensors.</exception>
    public static Tensor from_array(Array rawArray, Device? device = null) => FromArray(rawArray, TypeOf(rawArray.GetType().GetElementType()!), null, device, false);

    /// <summary>
    /// A tensor over the array's own memory, <paramref name="count"/> elements (-1: the rest) from byte <paramref name="offset"/> on.
    /// The array stays pinned for as long as a tensor uses it.
    /// </summary>
    public static unsafe Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var available = Buffer.ByteLength(rawArray) - offset;
        var size = SizeOf(dtype);
        if (offset < 0 || available < 0 || count > available / size)
            throw new ArgumentException($"The buffer holds {Buffer.ByteLength(rawArray)} bytes: too few for {count} elements of {dtype} from byte {offset} on.");
        if (count < 0) count = available / size;
        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        var handle = Native.dashboard_tensor_from_memory((byte*)pin.AddrOfPinnedObject() + offset, &count, 1, (int)dtype, &Unpin, GCHandle.ToIntPtr(pin));
        if (handle == 0)
        {
            pin.Free();
            Native.Throw();
        }
        return Made(new Tensor(handle), requires_grad);
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    private static Tensor FromArray(Array array, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var dimensions = new long[array.Rank];
        for (var i = 0; i < dimensions.Length; i++) dimensions[i] = array.GetLongLength(i);
        var bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));
        return FromElements(bytes, dimensions, type, dtype, device, requires_grad);
    }

    /// <summary>A tensor of <paramref name="type"/> with a copy of the elements, then converted and moved where told.</summary>
    private static unsafe Tensor FromElements<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> dimensions, ScalarType type,
        ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged
    {
        var made = empty(dimensions.ToArray(), type, CPU);
        var bytes = MemoryMarshal.AsBytes(elements);
        if (bytes.Length != made.numel() * SizeOf(type))
        {
            var shape = string.Join("x", dimensions.ToArray());
            made.Dispose();
            throw new ArgumentException($"{bytes.Length / SizeOf(type)} elements do not fill the shape {shape}.");
        }
        bytes.CopyTo(new Span<byte>(Native.dashboard_tensor_data(made.Handle), bytes.Length));
        GC.KeepAlive(made);
        var wanted = dtype ?? type;
        if (wanted != type || (device ?? DefaultDevice).type != DeviceType.CPU)
        {
            using var original = made;
            made = original.to(wanted, device ?? DefaultDevice);
        }
        return Made(made, requires_grad);
    }

    /// <summary>The element type that holds such .NET values.</summary>
    /// <exception cref="NotSupportedException">None does.</exception>
    internal static ScalarType TypeOf(Type type) => type switch
    {
        var t when t == typeof(byte) => ScalarType.Byte,
        var t when t == typeof(sbyte) => ScalarType.Int8,
        var t when t == typeof(short) => ScalarType.Int16,
        var t when t == typeof(int) => ScalarType.Int32,
        var t when t == typeof(long) => ScalarType.Int64,
        var t when t == typeof(Half) => ScalarType.Float16,
        var t when t == typeof(float) => ScalarType.Float32,
        var t when t == typeof(double) => ScalarType.Float64,
        var t when t == typeof(bool) => ScalarType.Bool,
        _ => throw new NotSupportedException($"No tensor has elements of the type {type}."),
    };
}
