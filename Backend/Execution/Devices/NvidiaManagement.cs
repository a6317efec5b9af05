using System.Globalization;
using System.Runtime.InteropServices;

namespace Dashboard.Backend.Execution.Devices;

/// <summary>
/// NVIDIA's management library (NVML), which comes with the driver: how busy a GPU is. Loaded where it exists; it counts all processes on the GPU.
/// </summary>
internal sealed class NvidiaManagement : IDisposable
{
    private const string Library = "libnvidia-ml.so.1";
    private const int Success = 0;

    private readonly nint _library;
    private readonly nint _device;
    private readonly GetUtilisation _utilisation;
    private readonly GetMemory _memory;

    private NvidiaManagement(nint library, string gpu)
    {
        _library = library;
        Require(Function<Call>("nvmlInit_v2")());
        Require(int.TryParse(gpu, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? Function<GetByIndex>("nvmlDeviceGetHandleByIndex_v2")((uint)index, out _device)
            : Function<GetByName>("nvmlDeviceGetHandleByUUID")(gpu, out _device));
        (_utilisation, _memory) = (Function<GetUtilisation>("nvmlDeviceGetUtilizationRates"), Function<GetMemory>("nvmlDeviceGetMemoryInfo"));
    }

    /// <param name="device">"cuda:1".</param>
    /// <param name="file">Where the library is looked for.</param>
    /// <returns>Null on the CPU, and where there is no such library or GPU.</returns>
    public static NvidiaManagement? TryOpen(string device, string file = Library)
    {
        if (GpuOf(device, Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")) is not { } gpu || !NativeLibrary.TryLoad(file, out var library))
            return null;
        try
        {
            return new NvidiaManagement(library, gpu);
        }
        catch (Exception error) when (error is EntryPointNotFoundException or NotSupportedException)
        {
            NativeLibrary.Free(library);
            return null;
        }
    }

    /// <summary>
    /// The GPU that CUDA calls by this number: NVML does not know <c>CUDA_VISIBLE_DEVICES</c>. Where GPUs of different kinds are mixed, CUDA puts the
    /// fastest first unless <c>CUDA_DEVICE_ORDER=PCI_BUS_ID</c> is set.
    /// </summary>
    /// <param name="visible">Of the environment.</param>
    /// <returns>A number, or a name such as GPU-8932f937-...; null where the device is none.</returns>
    internal static string? GpuOf(string device, string? visible)
    {
        if (!device.StartsWith("cuda", StringComparison.Ordinal)
            || !int.TryParse(device.Contains(':') ? device[(device.IndexOf(':') + 1)..] : "0", NumberStyles.None, CultureInfo.InvariantCulture,
                out var index))
            return null;
        if (visible is null)
            return index.ToString(CultureInfo.InvariantCulture);
        var named = visible.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return index < named.Length ? named[index] : null;
    }

    /// <returns>Utilisation in per cent since the last look, and memory in bytes; null where the driver does not say.</returns>
    public (double Utilisation, double UsedBytes, double TotalBytes)? Read() =>
        _utilisation(_device, out var rates) == Success && _memory(_device, out var memory) == Success
            ? (rates.Gpu, memory.Used, memory.Total)
            : null;

    public void Dispose()
    {
        Function<Call>("nvmlShutdown")();
        NativeLibrary.Free(_library);
    }

    private T Function<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));

    private static void Require(int result)
    {
        if (result != Success)
            throw new NotSupportedException($"{Library} answers {result}.");
    }

    private delegate int Call();

    private delegate int GetByIndex(uint index, out nint device);

    private delegate int GetByName([MarshalAs(UnmanagedType.LPStr)] string name, out nint device);

    private delegate int GetUtilisation(nint device, out Rates rates);

    private delegate int GetMemory(nint device, out Memory memory);

    /// <summary>nvmlUtilization_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Rates
    {
        public readonly uint Gpu;
        public readonly uint MemoryBus;
    }

    /// <summary>nvmlMemory_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Memory
    {
        public readonly ulong Total;
        public readonly ulong Free;
        public readonly ulong Used;
    }
}
