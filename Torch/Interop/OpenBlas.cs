using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Interop;

/// <summary>
/// The matrix products of Debian's libtorch. On a processor newer than itself OpenBLAS falls back to its oldest kernels (SSE3), at a third of the speed
/// of those that the processor can run, so it is told which these are; an OPENBLAS_CORETYPE that is set already stands.
/// </summary>
internal static partial class OpenBlas
{
    private const string CoreVariable = "OPENBLAS_CORETYPE";

    /// <summary>To be called before libtorch is loaded. Without effect on any other BLAS.</summary>
    internal static void ChooseKernels()
    {
        var core = Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported ? "SKYLAKEX" : Avx2.IsSupported && Fma.IsSupported ? "HASWELL" : null;
        // .NET's own SetEnvironmentVariable would not reach native code.
        if (core is not null)
            _ = setenv(CoreVariable, core, overwrite: 0);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
