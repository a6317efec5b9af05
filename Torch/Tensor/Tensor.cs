using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A multi-dimensional array of libtorch. It belongs to the dispose scope in which it was made, if any; outside of scopes it is
    /// freed by <see cref="Dispose()"/> or, late, by the garbage collector, which does not see its memory.
    /// </summary>
    public unsafe partial class Tensor : IDisposable
    {
        private nint _handle;

        /// <summary>Takes over an owned handle of the native library and joins the innermost dispose scope.</summary>
        internal Tensor(nint handle)
        {
            _handle = handle;
            DisposeScopeManager.Register(this);
        }

        ~Tensor() => Dispose(false);

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <exception cref="ObjectDisposedException">The tensor was disposed, perhaps by the scope in which it was made.</exception>
        public nint Handle
        {
            get
            {
                if (_handle == 0) throw new ObjectDisposedException(nameof(Tensor), "The tensor was disposed, perhaps by the scope in which it was made.");
                return _handle;
            }
        }

        public bool IsInvalid => _handle == 0;

        /// <summary>The handle, which from here on belongs to the caller; this object is left empty and outside of scopes.</summary>
        internal nint TakeHandle()
        {
            var taken = Handle;
            _handle = 0;
            if (OwningDisposeScope is { } scope) scope.MarkAsDisposed(this);
            else DisposeScopeManager.Statistics.DisposedOutsideScopeCount++;
            GC.SuppressFinalize(this);
            return taken;
        }

        public void Dispose()
        {
            if (_handle != 0)
            {
                if (OwningDisposeScope is { } scope) scope.MarkAsDisposed(this);
                else DisposeScopeManager.Statistics.DisposedOutsideScopeCount++;
            }
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (_handle == 0) return;
            Native.dashboard_tensor_free(_handle);
            _handle = 0;
        }

        /// <summary>The scope that owned the tensor disposes it and does its own counting.</summary>
        internal void DisposeByScope()
        {
            OwningDisposeScope = null;
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Hands the tensor to the scope around the one that owns it; from the outermost to nobody.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes the tensor out of every scope: the caller disposes it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public long dim() => Ask(&Native.dashboard_tensor_dim);

        public long ndim => dim();

        public long Dimensions => dim();

        public long numel() => Ask(&Native.dashboard_tensor_numel);

        public long NumberOfElements => numel();

        public long ElementSize => element_size();

        public long[] shape
        {
            get
            {
                var sizes = new long[dim()];
                fixed (long* first = sizes) Native.Check(Native.dashboard_tensor_sizes(Handle, first));
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long[] size() => shape;

        /// <summary>The length of one dimension; negative ones count from the last.</summary>
        public long size(int dim)
        {
            var sizes = shape;
            if (dim < -sizes.Length || dim >= sizes.Length)
                throw new ExternalException($"Dimension out of range (expected to be in range of [{-sizes.Length}, {sizes.Length - 1}], but got {dim})");
            return sizes[dim < 0 ? dim + sizes.Length : dim];
        }

        /// <summary>Per dimension, the distance of neighbours in elements.</summary>
        public long[] stride()
        {
            var strides = new long[dim()];
            fixed (long* first = strides) Native.Check(Native.dashboard_tensor_strides(Handle, first));
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim)
        {
            var strides = stride();
            return strides[dim < 0 ? dim + strides.Length : dim];
        }

        public ScalarType dtype => (ScalarType)Ask(&Native.dashboard_tensor_dtype);

        public Device device
        {
            get
            {
                int index;
                var type = (DeviceType)Native.Check(Native.dashboard_tensor_device(Handle, &index));
                GC.KeepAlive(this);
                return new Device(type, index);
            }
        }

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        public bool is_cpu => device_type == DeviceType.CPU;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_sparse => Ask(&Native.dashboard_tensor_is_sparse) != 0;

        public bool is_contiguous() => Ask(&Native.dashboard_tensor_is_contiguous) != 0;

        /// <summary>Asks the native library about this tensor, which must not be collected meanwhile.</summary>
        private long Ask(delegate*<nint, long> question)
        {
            var answer = question(Handle);
            if (answer < 0) Native.Throw();
            GC.KeepAlive(this);
            return answer;
        }

        private int Ask(delegate*<nint, int> question)
        {
            var answer = Native.Check(question(Handle));
            GC.KeepAlive(this);
            return answer;
        }

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => torch.is_complex(dtype);
    }
}
