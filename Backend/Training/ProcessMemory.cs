namespace Dashboard.Backend.Training;

/// <summary>Memory of this process as the kernel counts it.</summary>
public static class ProcessMemory
{
    /// <summary>Peak resident memory in bytes, native memory included (VmHWM).</summary>
    public static long Peak()
    {
        const string Field = "VmHWM:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? Environment.WorkingSet : long.Parse(line[Field.Length..].Replace("kB", "").Trim()) * 1024;
    }
}
