using Dashboard.Backend.Execution.Devices;
using Dashboard.Backend.Training;

namespace Dashboard.Backend.Execution.Workers;

/// <summary>
/// The most memory that this process has used. Of a GPU: what it holds more than when this was made, for libtorch gives none back before the process
/// ends; another process that grew meanwhile is counted with it.
/// </summary>
internal sealed class MemoryUse : IDisposable
{
    private readonly NvidiaManagement? _gpu;
    private readonly double _before;

    /// <param name="device">Of the run.</param>
    public MemoryUse(string device)
    {
        _gpu = NvidiaManagement.TryOpen(device);
        _before = _gpu?.Read()?.UsedBytes ?? 0;
    }

    /// <summary>Resident bytes.</summary>
    public static long Host => ProcessMemory.Peak();

    /// <summary>Bytes on the GPU; null where there is none, or its driver does not tell.</summary>
    public long? Device => _gpu?.Read() is { } now ? (long)Math.Max(0, now.UsedBytes - _before) : null;

    public void Dispose() => _gpu?.Dispose();
}
