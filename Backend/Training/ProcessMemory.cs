namespace Dashboard.Backend.Training;

/// <summary>Memory as the kernel counts it.</summary>
public static class ProcessMemory
{
    /// <summary>Bytes that the machine has left for new programs (MemAvailable).</summary>
    public static long Available() => Field("/proc/meminfo", "MemAvailable:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes that the machine has (MemTotal).</summary>
    public static long Total() => Field("/proc/meminfo", "MemTotal:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Peak resident memory in bytes, native memory included (VmHWM).</summary>
    public static long Peak() => Field("/proc/self/status", "VmHWM:") ?? Environment.WorkingSet;

    private static long? Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line[name.Length..].Replace("kB", "").Trim()) * 1024
            : null;
}
