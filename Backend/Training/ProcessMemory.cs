namespace Dashboard.Backend.Training;

/// <summary>Memory as the kernel counts it.</summary>
public static class ProcessMemory
{
    /// <summary>Bytes that the machine has left for new programs (MemAvailable).</summary>
    public static long Available()
    {
        const string Field = "MemAvailable:";
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : Kilobytes(line[Field.Length..]);
    }

    /// <summary>Peak resident memory in bytes, native memory included (VmHWM).</summary>
    public static long Peak()
    {
        const string Field = "VmHWM:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? Environment.WorkingSet : Kilobytes(line[Field.Length..]);
    }

    private static long Kilobytes(string text) => long.Parse(text.Replace("kB", "").Trim()) * 1024;
}
