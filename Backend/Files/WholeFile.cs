using System.Globalization;
using System.Text.RegularExpressions;

namespace Dashboard.Backend.Files;

/// <summary>Files that are whole or not there: written aside, then renamed.</summary>
public static partial class WholeFile
{
    /// <summary>A link could lead out of the folder.</summary>
    private static readonly EnumerationOptions Below =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };

    /// <param name="toDisk">Waits until the bytes are on the disk, so that the file also survives a power cut.</param>
    /// <exception cref="IOException">
    /// The disk is full, or the folder is missing: what stood at <paramref name="path"/> is untouched, nothing is left aside.
    /// </exception>
    public static void Write(string path, Action<Stream> write, bool toDisk = false)
    {
        var aside = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new";
        try
        {
            using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(file);
                file.Flush(toDisk);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>
    /// Removes what processes of this machine that were killed while they wrote have left in a folder and below it. What a living one writes stays.
    /// </summary>
    public static void RemoveLeftovers(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*.new", Below))
        {
            if (LeftAside().Match(path) is not { Success: true } match || IsAlive(match.Groups["process"].Value))
                continue;
            try
            {
                File.Delete(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It takes up space, but does no harm.
            }
        }
    }

    /// <summary>A process of which only the exit status is left writes no more.</summary>
    private static bool IsAlive(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{long.Parse(process, CultureInfo.InvariantCulture)}/stat");
            return stat[stat.LastIndexOf(')')..] is not [_, _, 'Z' or 'X', ..];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error is UnauthorizedAccessException;
        }
    }

    [GeneratedRegex(@"\.(?<process>\d{1,10})\.\d+\.new$")]
    private static partial Regex LeftAside();
}
