using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of libtorch, e.g. "1.13.1".</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)Native.dashboard_version())!;

    /// <summary>Threads that one operator may use on the CPU.</summary>
    public static int get_num_threads() => Native.Check(Native.dashboard_get_num_threads());

    public static void set_num_threads(int num) => Native.Check(Native.dashboard_set_num_threads(num));

    public static int get_num_interop_threads() => Native.Check(Native.dashboard_get_num_interop_threads());

    /// <exception cref="ExternalException">Already set, or parallel work has begun.</exception>
    public static void set_num_interop_threads(int num) => Native.Check(Native.dashboard_set_num_interop_threads(num));

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static bool is_cudnn_available() => is_available() && Native.dashboard_cuda_has_cudnn() != 0;

        public static int device_count() => Native.dashboard_cuda_device_count();

        /// <summary>Seeds the generators of all GPUs; nothing where there are none.</summary>
        public static void manual_seed_all(long seed)
        {
            for (var index = 0; index < device_count(); index++)
            {
                using var generator = Generator.DefaultOf(new Device(DeviceType.CUDA, index));
                generator.manual_seed(seed);
            }
        }

        public static void manual_seed(long seed)
        {
            if (!is_available()) return;
            using var generator = Generator.DefaultOf(CUDA);
            generator.manual_seed(seed);
        }

        /// <summary>Waits until the GPU has done all its work.</summary>
        public static void synchronize(Device? device = null) => Native.Check(Native.dashboard_cuda_synchronize(device?.index ?? -1));
    }

    public static partial class backends
    {
        public static partial class cuda
        {
            public static partial class matmul
            {
                /// <summary>Whether float32 matrix products may use the ten-bit mantissa of TensorFloat-32.</summary>
                public static bool allow_tf32
                {
                    get => Native.Check(Native.dashboard_get_allow_tf32(0)) != 0;
                    set => Native.Check(Native.dashboard_set_allow_tf32(0, value ? 1 : 0));
                }
            }
        }

        public static partial class cudnn
        {
            /// <summary>Whether float32 convolutions may use TensorFloat-32.</summary>
            public static bool allow_tf32
            {
                get => Native.Check(Native.dashboard_get_allow_tf32(1)) != 0;
                set => Native.Check(Native.dashboard_set_allow_tf32(1, value ? 1 : 0));
            }

            public static bool is_available() => torch.cuda.is_cudnn_available();
        }
    }
}
