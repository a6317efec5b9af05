using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The entries of <c>Torch/native</c>. Where one returns an error (-1, or null for a handle), <see cref="Throw"/> tells why.</summary>
internal static unsafe partial class Native
{
    private const string Library = "dashboard_torch";

    /// <summary>The path of another libdashboard_torch.so, e.g. one compiled against a CUDA PyTorch.</summary>
    internal const string LibraryVariable = "DASHBOARD_TORCH_LIBRARY";

    /// <summary>Tensor handles that nobody has released yet, over all threads.</summary>
    internal static long LiveTensors => dashboard_live_tensors();

    [DoesNotReturn]
    internal static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((nint)dashboard_error()) ?? "libtorch failed");

    /// <exception cref="ExternalException">The entry failed; libtorch's message.</exception>
    internal static int Check(int result)
    {
        if (result < 0) Throw();
        return result;
    }

    /// <exception cref="ExternalException">The entry failed; libtorch's message.</exception>
    internal static nint CheckHandle(nint handle)
    {
        if (handle == 0) Throw();
        return handle;
    }

#pragma warning disable CA2255 // The resolver must stand before the first call, whoever makes it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void ResolveLibrary()
    {
        OpenBlas.ChooseKernels();
        NativeLibrary.SetDllImportResolver(typeof(Native).Assembly, Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library) return 0;
        var other = Environment.GetEnvironmentVariable(LibraryVariable);
        if (string.IsNullOrEmpty(other)) return 0;
        if (NativeLibrary.TryLoad(other, out var handle)) return handle;
        throw new DllNotFoundException($"{LibraryVariable} names '{other}', which is missing or needs a library that is.");
    }

    [LibraryImport(Library)] internal static partial byte* dashboard_error();
    [LibraryImport(Library)] internal static partial byte* dashboard_version();
    [LibraryImport(Library)] internal static partial long dashboard_live_tensors();

    [LibraryImport(Library)] internal static partial nint dashboard_operator(byte* name);
    [LibraryImport(Library)] internal static partial int dashboard_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [LibraryImport(Library)] internal static partial void dashboard_free(void* memory);

    [LibraryImport(Library)] internal static partial void dashboard_tensor_free(nint tensor);
    [LibraryImport(Library)] internal static partial nint dashboard_tensor_alias(nint tensor);
    [LibraryImport(Library)] internal static partial long dashboard_tensor_dim(nint tensor);
    [LibraryImport(Library)] internal static partial long dashboard_tensor_numel(nint tensor);
    [LibraryImport(Library)] internal static partial int dashboard_tensor_sizes(nint tensor, long* sizes);
    [LibraryImport(Library)] internal static partial int dashboard_tensor_strides(nint tensor, long* strides);
    [LibraryImport(Library)] internal static partial int dashboard_tensor_dtype(nint tensor);
    [LibraryImport(Library)] internal static partial int dashboard_tensor_device(nint tensor, int* index);
    [LibraryImport(Library)] internal static partial int dashboard_tensor_is_contiguous(nint tensor);
    [LibraryImport(Library)] internal static partial int dashboard_tensor_is_sparse(nint tensor);
    [LibraryImport(Library)] internal static partial void* dashboard_tensor_data(nint tensor);
    [LibraryImport(Library)] internal static partial nint dashboard_tensor_from_memory(void* data, long* sizes, int dim, int dtype, delegate* unmanaged<nint, void> deleter, nint context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial int dashboard_tensor_save(nint tensor, string path);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] internal static partial nint dashboard_tensor_load(string path);

    [LibraryImport(Library)] internal static partial int dashboard_backward(nint* tensors, int count, nint* gradients, int gradientCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)] internal static partial int dashboard_grad(nint* outputs, int count, nint* inputs, int inputCount, nint* gradients, int gradientCount, int retainGraph, int createGraph, int allowUnused, nint* results);
    [LibraryImport(Library)] internal static partial int dashboard_grad_enabled();
    [LibraryImport(Library)] internal static partial void dashboard_set_grad_enabled(int enabled);
    [LibraryImport(Library)] internal static partial int dashboard_inference_enabled();
    [LibraryImport(Library)] internal static partial nint dashboard_inference_enter(int enabled);
    [LibraryImport(Library)] internal static partial void dashboard_inference_leave(nint guard);
    [LibraryImport(Library)] internal static partial int dashboard_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int dashboard_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int dashboard_is_leaf(nint tensor);
    [LibraryImport(Library)] internal static partial int dashboard_retain_grad(nint tensor);
    [LibraryImport(Library)] internal static partial int dashboard_get_grad(nint tensor, nint* gradient);
    [LibraryImport(Library)] internal static partial int dashboard_set_grad(nint tensor, nint gradient);

    [LibraryImport(Library)] internal static partial int dashboard_manual_seed(ulong seed);
    [LibraryImport(Library)] internal static partial nint dashboard_generator_new(int deviceType, int index, int isDefault);
    [LibraryImport(Library)] internal static partial void dashboard_generator_free(nint generator);
    [LibraryImport(Library)] internal static partial int dashboard_generator_seed(nint generator, ulong* seed);
    [LibraryImport(Library)] internal static partial int dashboard_generator_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial nint dashboard_generator_state(nint generator);
    [LibraryImport(Library)] internal static partial int dashboard_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)] internal static partial int dashboard_get_num_threads();
    [LibraryImport(Library)] internal static partial int dashboard_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int dashboard_get_num_interop_threads();
    [LibraryImport(Library)] internal static partial int dashboard_set_num_interop_threads(int count);
    [LibraryImport(Library)] internal static partial int dashboard_cuda_device_count();
    [LibraryImport(Library)] internal static partial int dashboard_cuda_has_cudnn();
    [LibraryImport(Library)] internal static partial int dashboard_cuda_synchronize(int index);
    [LibraryImport(Library)] internal static partial int dashboard_get_allow_tf32(int cudnn);
    [LibraryImport(Library)] internal static partial int dashboard_set_allow_tf32(int cudnn, int allow);
}
