using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Other element types and devices. Where nothing changes and no copy is asked for, the result is this very object.</summary>
    public partial class Tensor
    {
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            if (!copy && type == dtype && SameDevice(device)) return this;
            var moved = Boxed.Call("aten::to.device", this, device, type, non_blocking, copy);
            if (disposeAfter) Dispose();
            return moved;
        }

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            if (!copy && type == dtype) return this;
            var converted = Boxed.Call("aten::to.dtype", this, type, non_blocking, copy);
            if (disposeAfter) Dispose();
            return converted;
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(other.dtype, other.device, copy, disposeAfter, non_blocking);

        public Tensor type(ScalarType type) => to(type);

        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu() => to(CPU);

        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        /// <summary>A copy in page-locked memory, from which a GPU reads faster.</summary>
        public Tensor pin_memory() => Boxed.Call("aten::pin_memory", this);

        public bool is_pinned() => Boxed.CallBool("aten::is_pinned", this);

        public Tensor @bool() => to(ScalarType.Bool);

        public Tensor @byte() => to(ScalarType.Byte);

        public Tensor @char() => to(ScalarType.Int8);

        public Tensor @short() => to(ScalarType.Int16);

        public Tensor @int() => to(ScalarType.Int32);

        public Tensor @long() => to(ScalarType.Int64);

        public Tensor half() => to(ScalarType.Float16);

        public Tensor bfloat16() => to(ScalarType.BFloat16);

        public Tensor @float() => to(ScalarType.Float32);

        public Tensor @double() => to(ScalarType.Float64);

        private bool SameDevice(Device other)
        {
            var mine = device;
            return mine.type == other.type && (other.index == -1 || mine.index == -1 || mine.index == other.index);
        }
    }
}
