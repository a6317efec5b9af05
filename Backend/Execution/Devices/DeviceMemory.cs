using System.Collections.Concurrent;
using Dashboard.Backend.Training;
using Dashboard.Domain.Runs;

namespace Dashboard.Backend.Execution.Devices;

/// <summary>How much memory the devices of this machine have, for whatever process uses it. Thread-safe.</summary>
public sealed class DeviceMemory : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<NvidiaManagement?>> _gpus = new(StringComparer.Ordinal);

    /// <returns>Bytes; null where nobody tells, as on a GPU without NVIDIA's driver.</returns>
    public (double Used, double Total)? Of(string device)
    {
        if (device == DeviceRequest.Cpu)
            return (ProcessMemory.Total() - ProcessMemory.Available(), ProcessMemory.Total());
        var gpu = _gpus.GetOrAdd(device, name => new(() => NvidiaManagement.TryOpen(name))).Value;
        return gpu?.Read() is { } now ? (now.UsedBytes, now.TotalBytes) : null;
    }

    public void Dispose()
    {
        foreach (var gpu in _gpus.Values)
            gpu.Value?.Dispose();
    }
}
