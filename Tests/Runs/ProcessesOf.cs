using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Dashboard.Backend.Runs;

namespace Dashboard.Tests.Runs;

/// <summary>What works in a test's data folder, also before it has taken a run's lock: the folder stands in its command line.</summary>
internal static class ProcessesOf
{
    public static void Kill(DataFolder data)
    {
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var id) || !Works(entry, data))
                continue;
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has ended by itself.
            }
        }
    }

    private static bool Works(string entry, DataFolder data)
    {
        try
        {
            return File.ReadAllText(Path.Combine(entry, "cmdline")).Contains(data.Path, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
